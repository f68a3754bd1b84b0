package jetstream.server.monitor;

import java.util.Comparator;
import java.util.List;
import jetstream.engine.json.JsonText;
import jetstream.server.route.Account;

/** Accounts and what their clients do (spec/monitoring.md section 2, accountz and accstatz). Node thread. */
final class Accountz {
    private final MonitorSources sources;

    Accountz(final MonitorSources sources) {
        this.sources = sources;
    }

    void write(final JsonText t, final Query query) {
        t.put("server_id", sources.serverId()).put("now", JsonText.time(Varz.now()));
        t.opt("system_account", sources.config().systemAccount());
        final String only = query.has("acc") ? query.text("acc") : query.text("account");
        if (only.isEmpty()) {
            t.strings("accounts", accounts().stream().map(Account::name).toList());
            return;
        }
        t.object("account_detail", d -> detail(d, account(only)));
    }

    /** The detail alone, as the account's own service tells it. */
    void info(final JsonText t, final Query query) {
        detail(t, account(query.text("acc")));
    }

    private Account account(final String name) {
        final Account account = sources.router().accountOrNull(name);
        if (account == null) {
            throw new Query.BadQuery("Account " + name + " does not exist");
        }
        return account;
    }

    private List<Account> accounts() {
        return sources.router().accounts().stream().sorted(Comparator.comparing(Account::name)).toList();
    }

    private void detail(final JsonText t, final Account account) {
        t.put("account_name", account.name()).put("update_time", JsonText.time(sources.start()))
                .opt("is_system", account.isSystem()).put("expired", false).put("complete", true)
                .put("jetstream_enabled", sources.accountLimits(account.name()).enabled())
                .put("leafnode_connections", 0).put("client_connections", account.clientCount())
                .put("subscriptions", account.subscriptionCount()).put("name_tag", account.name());
        t.object("sublist_stats", s -> Subsz.stats(s, account.subscriptionCount(), account.matchCacheHits(),
                account.matchCacheMisses()));
    }

    /** Figures of all accounts with clients; of all at all if {@code unused} is asked for. */
    void statistics(final JsonText t, final Query query) {
        t.put("server_id", sources.serverId()).put("now", JsonText.time(Varz.now()));
        t.objects("account_statz", active(query), Accountz::statistics);
    }

    /** Whether there is an account to tell of. */
    boolean hasStatistics(final Query query) {
        return !active(query).isEmpty();
    }

    private List<Account> active(final Query query) {
        final boolean unused = query.flag("unused") || query.flag("include_unused");
        final String only = query.text("acc");
        return accounts().stream().filter(account -> unused || account.clientCount() > 0)
                .filter(account -> only.isEmpty() || account.name().equals(only)).toList();
    }

    /** Figures of one account; also the body of account services and events. */
    static void statistics(final JsonText t, final Account account) {
        t.put("acc", account.name()).put("name", account.name()).put("conns", account.clientCount())
                .put("leafnodes", 0).put("total_conns", account.clientCount())
                .put("num_subscriptions", account.subscriptionCount());
        t.object("sent", o -> traffic(o, account.traffic().outMsgs(), account.traffic().outBytes()));
        t.object("received", o -> traffic(o, account.traffic().inMsgs(), account.traffic().inBytes()));
        t.put("slow_consumers", account.traffic().slowConsumers());
    }

    private static void traffic(final JsonText t, final long msgs, final long bytes) {
        t.put("msgs", msgs).put("bytes", bytes);
        for (final String part : new String[] {"gateways", "routes", "leafs"}) {
            t.object(part, o -> o.put("msgs", 0).put("bytes", 0));
        }
    }
}

package jetstream.server.monitor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import jetstream.engine.json.JsonText;
import jetstream.engine.subject.SubjectMatcher;
import jetstream.server.net.ClientConnection;
import jetstream.server.route.Account;
import jetstream.server.route.Subscription;

/** Subscriptions (spec/monitoring.md section 2, subsz). Node thread. */
final class Subsz {
    private static final int LIMIT = 1024;

    private final MonitorSources sources;

    Subsz(final MonitorSources sources) {
        this.sources = sources;
    }

    static void detail(final JsonText t, final Subscription s, final long cid) {
        t.put("account", s.account().name()).put("account_tag", s.account().name()).put("subject", Connz.pattern(s));
        t.opt("qgroup", s.queue() == null ? "" : new String(s.queue(), StandardCharsets.UTF_8));
        t.put("sid", new String(s.sid(), StandardCharsets.UTF_8)).put("msgs", s.delivered()).opt("max", s.max())
                .put("cid", cid);
    }

    /** Figures of an index of subscriptions. */
    static void stats(final JsonText t, final long count, final long hits, final long misses) {
        t.put("num_subscriptions", count).put("num_cache", misses).put("num_inserts", count).put("num_removes", 0)
                .put("num_matches", hits + misses)
                .put("cache_hit_rate", hits + misses == 0 ? 0.0 : (double) hits / (hits + misses))
                .put("max_fanout", 0).put("avg_fanout", 0);
    }

    void write(final JsonText t, final Query query) {
        final String only = query.has("acc") ? query.text("acc") : query.text("account");
        final byte[] test = query.text("test").getBytes(StandardCharsets.UTF_8);
        if (query.has("test") && !SubjectMatcher.isValidLiteral(test, test.length)) {
            throw new Query.BadQuery(
                    "invalid test subject, must be valid publish subject: " + query.text("test"));
        }
        long count = 0;
        long hits = 0;
        long misses = 0;
        for (final Account account : sources.router().accounts()) {
            if (only.isEmpty() || account.name().equals(only)) {
                count += account.subscriptionCount();
                hits += account.matchCacheHits();
                misses += account.matchCacheMisses();
            }
        }
        t.put("server_id", sources.serverId()).put("now", JsonText.time(Varz.now()));
        stats(t, count, hits, misses);
        final int offset = Math.max(0, query.number("offset", 0));
        final int limit = query.number("limit", LIMIT);
        final boolean withList = query.flag("subs") || query.flag("subscriptions");
        if (!withList && !query.has("test")) {
            t.put("total", 0).put("offset", offset).put("limit", limit);
            return;
        }
        final List<Owned> fitting = sources.clients().connections().stream()
                .filter(c -> only.isEmpty() || c.account() != null && c.account().name().equals(only))
                .flatMap(c -> c.subscriptions().stream().map(s -> new Owned(c, s)))
                .filter(o -> test.length == 0
                        || SubjectMatcher.covers(o.subscription().subject(), o.subscription().subject().length, test,
                                test.length))
                .toList();
        final List<Owned> page = fitting.subList(Math.min(offset, fitting.size()),
                (int) Math.min(fitting.size(), (long) offset + limit));
        t.put("total", page.size()).put("offset", offset).put("limit", limit);
        t.objects("subscriptions_list", page,
                (o, owned) -> detail(o, owned.subscription(), owned.connection().cid()));
    }

    /**
     * A subscription and its connection.
     *
     * @param connection whose it is
     * @param subscription what it is
     */
    private record Owned(ClientConnection connection, Subscription subscription) {
    }
}

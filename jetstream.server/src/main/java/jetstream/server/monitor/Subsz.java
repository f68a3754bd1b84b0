package jetstream.server.monitor;

import java.nio.charset.StandardCharsets;
import jetstream.engine.json.JsonText;
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
        t.put("account", s.account().name()).put("subject", Connz.pattern(s));
        t.opt("qgroup", s.queue() == null ? "" : new String(s.queue(), StandardCharsets.UTF_8));
        t.put("sid", new String(s.sid(), StandardCharsets.UTF_8)).put("msgs", s.delivered()).opt("max", s.max())
                .put("cid", cid);
    }

    void write(final JsonText t, final Query query) {
        long count = 0;
        long hits = 0;
        long misses = 0;
        for (final Account account : sources.router().accounts()) {
            count += account.subscriptionCount();
            hits += account.matchCacheHits();
            misses += account.matchCacheMisses();
        }
        t.put("server_id", sources.serverId()).put("now", JsonText.time(Varz.now()));
        t.put("num_subscriptions", count).put("num_cache", misses).put("num_inserts", count).put("num_removes", 0)
                .put("num_matches", hits + misses)
                .put("cache_hit_rate", hits + misses == 0 ? 0.0 : (double) hits / (hits + misses))
                .put("max_fanout", 0).put("avg_fanout", 0);
        final int offset = Math.max(0, query.number("offset", 0));
        final int limit = query.number("limit", LIMIT);
        t.put("total", count).put("offset", offset).put("limit", limit);
        if (query.flag("subs") || query.flag("subscriptions")) {
            t.objects("subscriptions_list", sources.clients().connections().stream()
                    .flatMap(c -> c.subscriptions().stream().map(s -> new Owned(c, s))).skip(offset).limit(limit)
                    .toList(), (o, owned) -> detail(o, owned.subscription(), owned.connection().cid()));
        }
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

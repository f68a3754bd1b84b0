package jetstream.server.monitor;

import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.Role;
import jetstream.engine.json.JsonText;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.MetaReplica;
import jetstream.engine.shard.Shard;
import jetstream.engine.shard.StreamReplica;

/** Whether the server can do its work (spec/monitoring.md section 2, healthz). Node thread. */
final class Healthz {
    private final MonitorSources sources;

    Healthz(final MonitorSources sources) {
        this.sources = sources;
    }

    /**
     * A state of health.
     *
     * @param code HTTP status
     * @param error what is wrong; empty if nothing is
     */
    record Health(int code, String error) {
        static final Health OK = new Health(200, "");

        String status() {
            return code == 200 ? "ok" : code == 503 ? "unavailable" : "error";
        }

        byte[] json(final boolean withCode) {
            return JsonText.object(t -> {
                t.put("status", status());
                if (withCode) {
                    t.put("status_code", code);
                }
                t.opt("error", error);
            });
        }
    }

    Health check(final Query query) {
        final String account = query.text("account");
        final String stream = query.text("stream");
        final String consumer = query.text("consumer");
        if (!stream.isEmpty() && account.isEmpty()) {
            return new Health(400, "account must not be empty when checking stream health");
        }
        if (!consumer.isEmpty() && stream.isEmpty()) {
            return new Health(400, "stream must not be empty when checking consumer health");
        }
        final boolean serverOnly = query.flag("js-server-only");
        final boolean enabledOnly = query.flag("js-enabled-only") || query.flag("js-enabled");
        final boolean metaOnly = query.flag("js-meta-only");
        if (serverOnly || !sources.config().jetStream().enabled()) {
            return Health.OK;
        }
        if (sources.node().isFailed() || sources.node().shard() == null) {
            return new Health(503, "JetStream is not enabled on this server");
        }
        if (enabledOnly) {
            return Health.OK;
        }
        final Health meta = meta(sources.node().shard().meta());
        if (meta.code() != 200 || metaOnly) {
            return meta;
        }
        return stream.isEmpty() ? assets(sources.node().shard()) : named(account, stream, consumer);
    }

    private Health meta(final MetaReplica meta) {
        if (meta.group() == null || meta.leader() == null && !meta.isLeader()) {
            return new Health(503, "JetStream has not established contact with a meta leader");
        }
        final GroupReport report = meta.group().report();
        if (!meta.hasJoined() || report.role() == Role.LEARNER || report.appliedIndex() < report.commitIndex()) {
            return new Health(503, "JetStream is not current with the meta leader");
        }
        return sources.node().shard().isSettled() ? Health.OK
                : new Health(503, "JetStream is still recovering meta layer");
    }

    private static Health assets(final Shard shard) {
        for (final StreamReplica stream : shard.streams()) {
            final Health health = stream(stream);
            if (health.code() != 200) {
                return health;
            }
        }
        return Health.OK;
    }

    private static Health stream(final StreamReplica stream) {
        final String name = stream.assignment().account() + " > " + stream.assignment().name();
        if (!isCurrent(stream.group().report(), stream.leader() != null)) {
            return new Health(503, "JetStream stream '" + name + "' is not current");
        }
        for (final ConsumerReplica consumer : stream.consumers()) {
            if (!isCurrent(consumer.group().report(), consumer.leader() != null)) {
                return new Health(503, "JetStream consumer '" + name + " > " + consumer.assignment().name()
                        + "' is not current");
            }
        }
        return Health.OK;
    }

    private static boolean isCurrent(final GroupReport report, final boolean hasLeader) {
        return hasLeader && report.role() != Role.LEARNER && report.role() != Role.CANDIDATE
                && report.appliedIndex() >= report.commitIndex();
    }

    private Health named(final String account, final String name, final String consumerName) {
        final StreamReplica stream = sources.node().shard().stream(account, name);
        if (stream == null) {
            return new Health(404, "JetStream stream '" + name + "' not found on account '" + account + "'");
        }
        if (consumerName.isEmpty()) {
            return stream(stream);
        }
        final ConsumerReplica consumer = stream.consumer(consumerName);
        if (consumer == null) {
            return new Health(404, "JetStream consumer '" + consumerName + "' not found for stream '" + name
                    + "' on account '" + account + "'");
        }
        return isCurrent(consumer.group().report(), consumer.leader() != null) ? Health.OK
                : new Health(503, "JetStream consumer '" + consumerName + "' is not current");
    }
}

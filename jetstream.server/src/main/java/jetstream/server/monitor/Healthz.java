package jetstream.server.monitor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.MetaReplica;
import jetstream.engine.shard.Shard;
import jetstream.engine.shard.StreamReplica;

/**
 * Whether the server can do its work, and precisely what can not (spec/monitoring.md section 2, healthz). A look at a
 * group allocates nothing, so that ten thousand of them can be asked about often. Node thread.
 */
final class Healthz {
    /** A member that is behind by no more than this is working it off: no reason to take a server out of service. */
    private static final long BEHIND_MAX = 10_000;

    private final MonitorSources sources;

    Healthz(final MonitorSources sources) {
        this.sources = sources;
    }

    /** What a problem concerns; as the reference calls it. */
    enum Kind {
        CONNECTION, BAD_REQUEST, JETSTREAM, ACCOUNT, STREAM, CONSUMER
    }

    /**
     * Something that is not well.
     *
     * @param account whose; empty if it concerns no account
     * @param stream which; empty if none
     * @param consumer which; empty if none
     */
    record Problem(Kind kind, String account, String stream, String consumer, String error) {
        void write(final JsonText t) {
            t.put("type", kind.name()).opt("account", account).opt("stream", stream).opt("consumer", consumer)
                    .put("error", error);
        }
    }

    /**
     * A state of health.
     *
     * @param code HTTP status
     * @param details whether all problems are told, or the first
     * @param problems what is not well
     */
    record Health(int code, boolean details, List<Problem> problems) {
        String status() {
            return problems.isEmpty() ? "ok" : details || code == 400 ? "error" : "unavailable";
        }

        /** The first problem; empty if there is none. */
        String error() {
            return problems.isEmpty() ? "" : problems.getFirst().error();
        }

        byte[] json(final boolean withCode) {
            return JsonText.object(t -> {
                t.put("status", status());
                if (withCode) {
                    t.put("status_code", code);
                }
                if (details) {
                    if (!problems.isEmpty()) {
                        t.objects("errors", problems, (o, problem) -> problem.write(o));
                    }
                } else {
                    t.opt("error", error());
                }
            });
        }
    }

    /** One examination: stops at the first problem unless all are wanted. */
    private final class Examination {
        private final boolean details;
        private final List<Problem> problems = new ArrayList<>();
        private int code = 200;

        Examination(final boolean details) {
            this.details = details;
        }

        boolean isOver() {
            return !details && !problems.isEmpty();
        }

        void add(final int problemCode, final Problem problem) {
            if (code == 200) {
                code = problemCode;
            }
            problems.add(problem);
        }

        void add(final int problemCode, final Kind kind, final String error) {
            add(problemCode, new Problem(kind, "", "", "", error));
        }

        Health result() {
            return new Health(code, details, problems);
        }
    }

    Health check(final Query query) {
        final Examination of = new Examination(query.flag("details"));
        final boolean enabledOnly = query.flag("js-enabled-only") || query.flag("js-enabled");
        final boolean serverOnly = query.flag("js-server-only");
        final boolean metaOnly = query.flag("js-meta-only");
        checkRequest(of, query);
        if (!of.problems.isEmpty() || serverOnly || !sources.config().jetStream().enabled()) {
            return of.result();
        }
        if (sources.node().isFailed() || sources.node().shard() == null) {
            of.add(503, Kind.JETSTREAM, "JetStream not enabled (10076)");
        } else if (!enabledOnly) {
            final Shard shard = sources.node().shard();
            checkMeta(of, shard);
            if (of.problems.isEmpty() && !metaOnly) {
                checkAssets(of, shard, query);
            }
        }
        return of.result();
    }

    private static void checkRequest(final Examination of, final Query query) {
        if (query.has("stream") && !query.has("account")) {
            of.add(400, Kind.BAD_REQUEST, "\"account\" must not be empty when checking stream health");
        } else if (query.has("consumer") && !query.has("stream")) {
            of.add(400, Kind.BAD_REQUEST, "\"stream\" must not be empty when checking consumer health");
        }
    }

    private static void checkMeta(final Examination of, final Shard shard) {
        final MetaReplica meta = shard.meta();
        if (meta.group() == null) {
            of.add(503, Kind.JETSTREAM, "JetStream has not established contact with a meta leader");
            return;
        }
        final Condition condition = meta.group().condition();
        if (condition == Condition.STOPPED) {
            of.add(503, Kind.JETSTREAM, "JetStream meta layer is not running");
        } else if (condition == Condition.LEADERLESS) {
            of.add(503, Kind.JETSTREAM, "JetStream has not established contact with a meta leader");
        } else if (!meta.hasJoined() || condition != Condition.CURRENT && condition != Condition.DISPUTED) {
            of.add(503, Kind.JETSTREAM, "JetStream is not current with the meta leader");
        } else if (!shard.isSettled()) {
            of.add(503, Kind.JETSTREAM, "JetStream is still recovering meta layer");
        }
    }

    private void checkAssets(final Examination of, final Shard shard, final Query query) {
        final String account = query.text("account");
        final Collection<String> accounts = shard.meta().state().accounts();
        if (account.isEmpty()) {
            for (final String each : accounts) {
                checkAccount(of, shard, each);
            }
        } else if (!accounts.contains(account)) {
            of.add(404, new Problem(Kind.ACCOUNT, account, "", "", "JetStream account \"" + account + "\" not found"));
        } else if (!query.has("stream")) {
            checkAccount(of, shard, account);
        } else {
            checkNamed(of, shard, account, query);
        }
    }

    private void checkAccount(final Examination of, final Shard shard, final String account) {
        for (final StreamAssignment stream : shard.meta().state().streams(account)) {
            if (of.isOver()) {
                return;
            }
            if (stream.peers().contains(sources.node().self())) {
                checkStream(of, shard, stream, true);
            }
        }
    }

    private void checkNamed(final Examination of, final Shard shard, final String account, final Query query) {
        final String name = query.text("stream");
        final StreamAssignment stream = shard.meta().state().stream(account, name);
        if (stream == null || !stream.peers().contains(sources.node().self())) {
            of.add(404, new Problem(Kind.STREAM, account, name, "",
                    "JetStream stream \"" + name + "\" not found on account \"" + account + "\""));
            return;
        }
        final String consumerName = query.text("consumer");
        final ConsumerAssignment consumer = shard.meta().state().consumer(account, name, consumerName);
        if (!consumerName.isEmpty()
                && (consumer == null || !consumer.peers().contains(sources.node().self()))) {
            of.add(404, new Problem(Kind.CONSUMER, account, name, consumerName, "JetStream consumer \"" + consumerName
                    + "\" not found for stream \"" + name + "\" on account \"" + account + "\""));
            return;
        }
        checkStream(of, shard, stream, consumerName.isEmpty());
        if (!consumerName.isEmpty() && of.problems.isEmpty()) {
            checkConsumer(of, shard.stream(account, name), consumer);
        }
    }

    private void checkStream(final Examination of, final Shard shard, final StreamAssignment assignment,
            final boolean withConsumers) {
        final StreamReplica stream = shard.stream(assignment.account(), assignment.name());
        final String why = stream == null ? "stream not found" : why(stream.group());
        if (!why.isEmpty()) {
            of.add(503, new Problem(Kind.STREAM, assignment.account(), assignment.name(), "", "JetStream stream '"
                    + assignment.account() + " > " + assignment.name() + "' is not current: " + why));
        }
        if (stream == null || !withConsumers) {
            return;
        }
        for (final ConsumerAssignment consumer : shard.meta().state().consumers(assignment.account(),
                assignment.name())) {
            if (of.isOver()) {
                return;
            }
            if (consumer.peers().contains(sources.node().self())) {
                checkConsumer(of, stream, consumer);
            }
        }
    }

    private static void checkConsumer(final Examination of, final StreamReplica stream,
            final ConsumerAssignment assignment) {
        final ConsumerReplica consumer = stream.consumer(assignment.name());
        final String why = consumer == null ? "consumer not found" : why(consumer.group());
        if (!why.isEmpty()) {
            of.add(503,
                    new Problem(Kind.CONSUMER, assignment.account(), assignment.stream(), assignment.name(),
                            "JetStream consumer '" + assignment.account() + " > " + assignment.stream() + " > "
                                    + assignment.name() + "' is not current: " + why));
        }
    }

    /** Why that member can not be relied upon; empty if it can. */
    private static String why(final ConsensusGroup group) {
        if (group == null) {
            return "group node missing";
        }
        return switch (group.condition()) {
            case CURRENT -> "";
            case BEHIND -> behind(group.report());
            case LEADERLESS -> "group node unhealthy: no leader";
            case LEARNING -> "group node unhealthy: catching up";
            case DISPUTED -> "group node unhealthy: the replicas differ and no majority agrees";
            case REPAIRING -> "group node unhealthy: a damaged entry is being fetched from another replica";
            case RESYNCING -> "group node unhealthy: its state was wrong and is being fetched from the leader";
            case STOPPED -> "group node unhealthy: stopped by an error";
        };
    }

    private static String behind(final GroupReport report) {
        final long entries = report.commitIndex() - report.appliedIndex();
        return entries <= BEHIND_MAX ? "" : "group node unhealthy: " + entries + " entries behind";
    }
}

package jetstream.server.monitor;

import java.util.function.Predicate;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupReport;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.GoDuration;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;

/** The members of replicated groups on this server (spec/monitoring.md section 2, raftz). Node thread. */
final class Raftz {
    static final String NONE = "No Raft nodes registered";
    private static final String META = "_meta_";

    private final MonitorSources sources;

    Raftz(final MonitorSources sources) {
        this.sources = sources;
    }

    /** Whether this server replicates nothing, and never will. */
    boolean isEmpty(final Query query) {
        return !sources.config().cluster().enabled() || sources.node().shard() == null;
    }

    /** The system account, whose group is the meta group, if none is named. */
    private String account(final Query query) {
        final String account = query.has("acc") ? query.text("acc") : query.text("account");
        return account.isEmpty() ? sources.config().systemAccount() : account;
    }

    private boolean hasGroups(final Query query) {
        final String[] last = new String[1];
        groups(query, (name, group) -> last[0] = name);
        return last[0] != null;
    }

    void write(final JsonText t, final Query query) {
        if (hasGroups(query)) {
            t.object(account(query), o -> groups(query,
                    (name, group) -> o.object(name, g -> group(g, group))));
        }
    }

    /** Takes a group. */
    @FunctionalInterface
    private interface Visitor {
        void visit(String name, ConsensusGroup group);
    }

    private void groups(final Query query, final Visitor visitor) {
        if (isEmpty(query)) {
            return;
        }
        final String account = account(query);
        final String wanted = query.text("group");
        final Predicate<String> fits = name -> wanted.isEmpty() || wanted.equals(name);
        final boolean isSystem = account.equals(sources.config().systemAccount());
        if (isSystem && fits.test(META) && sources.node().shard().meta().group() != null) {
            visitor.visit(META, sources.node().shard().meta().group());
        }
        for (final StreamReplica stream : sources.node().shard().streams(account)) {
            visit(visitor, fits, stream);
        }
    }

    private static void visit(final Visitor visitor, final Predicate<String> fits, final StreamReplica stream) {
        if (stream.assignment().peers().size() > 1 && fits.test(stream.assignment().groupName())) {
            visitor.visit(stream.assignment().groupName(), stream.group());
        }
        for (final ConsumerReplica consumer : stream.consumers()) {
            if (consumer.assignment().peers().size() > 1 && fits.test(consumer.assignment().groupName())) {
                visitor.visit(consumer.assignment().groupName(), consumer.group());
            }
        }
    }

    private void group(final JsonText t, final ConsensusGroup group) {
        final GroupReport report = group.report();
        t.put("id", sources.node().self().peerId()).put("state", state(report, group.condition()))
                .put("size", report.members().size()).put("quorum_needed", report.quorum())
                .put("committed", report.commitIndex()).put("applied", report.appliedIndex())
                .opt("catching_up", group.condition() == Condition.LEARNING
                        || group.condition() == Condition.RESYNCING)
                .opt("leader", report.leader() == null ? "" : report.leader().peerId())
                .put("ever_had_leader", report.leader() != null || report.term() > 0).put("term", report.term())
                .put("pterm", report.term()).put("pindex", report.lastIndex())
                .put("system_account", true).put("traffic_account", sources.config().systemAccount())
                .put("ipq_proposal_len", 0).put("ipq_entry_len", 0).put("ipq_resp_len", 0).put("ipq_apply_len", 0);
        t.object("wal", w -> w.put("messages", report.lastIndex() - group.log().firstHistoryIndex() + 1)
                .put("bytes", group.log().liveBytes()).put("first_seq", group.log().firstHistoryIndex())
                .put("last_seq", report.lastIndex()).put("consumer_count", 0));
        t.object("peers", p -> report.members().stream().filter(m -> !m.node().equals(sources.node().self()))
                .forEach(member -> p.object(member.node().peerId(), o -> peer(o, member))));
    }

    private static String state(final GroupReport report, final Condition condition) {
        if (condition == Condition.STOPPED) {
            return "CLOSED";
        }
        return switch (report.role()) {
            case LEADER -> "LEADER";
            case CANDIDATE -> "CANDIDATE";
            case FOLLOWER, LEARNER -> "FOLLOWER";
        };
    }

    private void peer(final JsonText t, final GroupReport.Member member) {
        final MetaNode known = sources.node().shard().meta().state().node(member.node());
        t.put("name", known == null ? member.node().peerId() : known.name()).put("known", known != null)
                .opt("last_replicated_index", member.matchIndex());
        if (member.heardNs() != 0) {
            t.put("last_seen", GoDuration.text(Math.max(0, System.nanoTime() - member.heardNs())));
        }
    }
}

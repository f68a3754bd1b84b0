package jetstream.server.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import jetstream.api.NodeId;
import jetstream.api.consensus.GroupReport;
import jetstream.engine.json.JsonText;
import jetstream.engine.json.PartsJson;
import jetstream.engine.meta.GroupPeers;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;

/** The {@code cluster} object of stream and consumer info (spec/clustering.md section 4). Owner: the node thread. */
final class ClusterJson {
    private static final String CATCH_UP = "catchup";
    private static final String MEMBERSHIP = "membership";

    private final AdminContext context;

    ClusterJson(final AdminContext context) {
        this.context = context;
    }

    /** Members of the object of a stream. */
    void stream(final JsonText t, final StreamReplica stream) {
        final StreamAssignment assignment = stream.assignment();
        final GroupReport report = stream.group().report();
        group(t, assignment.members(), assignment.groupName(), stream.leader(), stream.leaderSinceEpochNs(), report);
        if (assignment.members().isMoving() && assignment.change() != null) {
            t.object("desired", o -> desired(o, assignment, report));
        }
    }

    /** Members of the object of a consumer. */
    void consumer(final JsonText t, final ConsumerReplica consumer) {
        group(t, consumer.assignment().members(), consumer.assignment().groupName(), consumer.leader(),
                consumer.leaderSinceEpochNs(), consumer.group().report());
    }

    private void group(final JsonText t, final GroupPeers wanted, final String groupName, final NodeId leader,
            final long sinceEpochNs, final GroupReport report) {
        final boolean isReplicated = wanted.holders().size() > 1;
        t.opt("name", context.clusterName()).opt("raft_group", isReplicated ? groupName : "");
        if (leader != null) {
            t.put("leader", context.nameOf(leader));
            if (leader.equals(context.node()) && isReplicated) {
                t.put("leader_since", JsonText.time(sinceEpochNs));
            }
        }
        if (isReplicated) {
            t.put("system_account", true).put("traffic_account", context.config().systemAccount());
            final Function<NodeId, GroupReport.Member> members = node -> report.members().stream()
                    .filter(member -> member.node().equals(node)).findFirst().orElse(null);
            final List<NodeId> others = new ArrayList<>(wanted.holders());
            others.remove(leader);
            others.sort(Comparator.comparing(context::nameOf));
            t.objects("replicas", others, (o, node) -> replica(o, node, members.apply(node), report, wanted));
        }
    }

    /** {@code member} is null if the node is not in the group yet, or no more. */
    private void replica(final JsonText o, final NodeId node, final GroupReport.Member member, final GroupReport report,
            final GroupPeers wanted) {
        final boolean isHeard = member != null && member.heardNs() != 0;
        o.put("name", context.nameOf(node)).put("current",
                member != null && (member.isCurrent() || node.equals(context.node())));
        o.opt("offline", !context.isOnline().test(node)).put("active",
                isHeard ? Math.max(0, System.nanoTime() - member.heardNs()) : 0);
        if (member != null && member.matchIndex() > 0) {
            o.opt("lag", Math.max(0, report.commitIndex() - member.matchIndex()));
        }
        o.put("peer", node.peerId());
        o.opt("pending", member == null || !member.voter() || !wanted.target().contains(node));
    }

    private void desired(final JsonText o, final StreamAssignment stream, final GroupReport report) {
        o.put("created", JsonText.time(stream.change().sinceEpochNs())).opt("name", context.clusterName());
        if (stream.peers().size() >= stream.change().originPeers().size()) {
            o.objects("replicas", stream.peers(), (r, node) -> r.put("name", context.nameOf(node))
                    .opt("offline", !context.isOnline().test(node)).put("peer", node.peerId()));
        }
        o.object("origin", x -> {
            x.put("replicas", stream.change().origin().replicas());
            if (stream.change().origin().placement() != null) {
                x.object("placement", p -> PartsJson.write(p, stream.change().origin().placement()));
            }
            x.opt("retention", stream.change().origin().retention() == stream.config().retention() ? ""
                    : stream.change().origin().retention().json());
        });
        o.object("status", x -> status(x, stream.members(), report));
    }

    private void status(final JsonText x, final GroupPeers wanted, final GroupReport report) {
        final List<NodeId> offline = wanted.target().stream().filter(context.isOnline().negate()).toList();
        final List<NodeId> behind = wanted.target().stream().filter(node -> report.members().stream()
                .noneMatch(member -> member.node().equals(node) && member.voter())).toList();
        if (!offline.isEmpty()) {
            x.put("description", "waiting for " + names(offline)).put("type", "unavailable");
        } else if (!behind.isEmpty()) {
            x.put("description", "waiting for " + names(behind) + " to catch up").put("type", CATCH_UP);
        } else {
            x.put("description", "removing " + names(wanted.leaving())).put("type", MEMBERSHIP);
        }
    }

    private String names(final List<NodeId> nodes) {
        return nodes.stream().map(context::nameOf).sorted().collect(Collectors.joining(", "));
    }
}

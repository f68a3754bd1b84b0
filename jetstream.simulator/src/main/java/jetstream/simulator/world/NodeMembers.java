package jetstream.simulator.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jetstream.api.NodeId;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;
import jetstream.api.consensus.GroupReport;
import jetstream.api.consensus.MemberChange;
import jetstream.api.entry.EntryBatch;
import jetstream.engine.meta.Checked;
import jetstream.engine.meta.AssetLimits;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.ConsumerConfigCheck;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.MetaState;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.PlacementPlanner;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.meta.StreamConfigCheck;

/**
 * A node's part in the meta group: how it enters the cluster, whom it brings in while it leads, and the requests for
 * assets that the leader decides. Does what the server's {@code ClusterNode}, {@code StreamApi} and {@code ConsumerApi}
 * do, without sockets and JSON.
 */
public final class NodeMembers {
    static final String ACCOUNT = "$G";
    private static final long TICK_NS = 50_000_000L;
    private static final AssetLimits LIMITS = new AssetLimits(true, 0, 0, 0, 0, 1 << 20);

    private final NodeProcess process;
    private final World world;
    private final Map<NodeId, MetaNode> registering = new HashMap<>();
    private boolean isJoining;
    private long tickNs;

    NodeMembers(final NodeProcess process, final World world) {
        this.process = process;
        this.world = world;
    }

    void start(final boolean isFirst) {
        final WholeNode.Memory memory = process.node().memory();
        if (memory.isMember) {
            isJoining = memory.joinedAt == Long.MAX_VALUE;
            process.shard().openMeta(isJoining ? List.of() : memory.founders, true, isJoining, memory.joinedAt);
        } else if (isFirst) {
            memory.isMember = true;
            memory.founders = world.ids();
            process.shard().openMeta(memory.founders, false, false, 0);
        } else {
            isJoining = true;
            memory.isMember = true;
            memory.joinedAt = Long.MAX_VALUE;
            process.shard().openMeta(List.of(), false, true, Long.MAX_VALUE);
        }
    }

    void onMetaRole() {
        registering.clear();
        tickNs = process.node().clock().nowNs() - TICK_NS;
        if (isJoining && process.shard().meta().group() != null && process.shard().meta().hasJoined()) {
            isJoining = false;
            final long joinedAt = process.shard().meta().group().report().appliedIndex();
            process.node().memory().joinedAt = joinedAt;
            process.shard().joined(joinedAt);
            world.trace().note(() -> process.node() + " has joined, complete from meta index " + joinedAt);
        }
    }

    boolean isOnline(final NodeId peer) {
        return peer.equals(process.node().id()) || world.isLinked(process.node(), world.node(peer));
    }

    void tick(final long nowNs) {
        if (nowNs - tickNs >= TICK_NS) {
            tickNs = nowNs;
            if (process.shard().meta().isLeader()) {
                reconcile();
            }
        }
    }

    long nextDeadlineNs() {
        return process.shard().meta().isLeader() ? tickNs + TICK_NS : Long.MAX_VALUE;
    }

    private void reconcile() {
        final GroupReport report = process.shard().meta().group().report();
        final Set<NodeId> members = new HashSet<>();
        for (final GroupReport.Member member : report.members()) {
            members.add(member.node());
            if (!member.voter() && member.isCurrent()) {
                change(MemberChange.Kind.PROMOTE, member.node());
            }
        }
        for (final WholeNode other : world.nodes()) {
            if (!isOnline(other.id()) || !other.memory().isMember) {
                continue;
            }
            if (members.contains(other.id())) {
                register(other);
            } else {
                change(MemberChange.Kind.ADD_LEARNER, other.id());
            }
        }
    }

    private void change(final MemberChange.Kind kind, final NodeId node) {
        process.shard().meta().group().changeMembers(new MemberChange(kind, node));
    }

    private void register(final WholeNode node) {
        final MetaNode wanted = new MetaNode(node.id(), node.name(), List.of(), "");
        if (!wanted.equals(state().node(node.id())) && !wanted.equals(registering.get(node.id()))) {
            registering.put(node.id(), wanted);
            propose(batch -> MetaEntries.registerNode(batch, epochNs(), wanted));
        }
    }

    // ---- requests of the API; this node leads the meta group, or the request is lost

    /** Makes a stream; the answer goes to the reply subject. */
    public void createStream(final StreamConfig asked, final String reply) {
        final Checked<StreamConfig> checked = new StreamConfigCheck(LIMITS).create(asked, false);
        if (checked.failure() != null) {
            throw new IllegalArgumentException("the workload asks for what can not be: " + checked.failure());
        }
        final StreamConfig config = checked.config();
        final StreamAssignment existing = state().stream(ACCOUNT, config.name());
        final List<NodeId> peers = existing != null ? existing.peers()
                : new PlacementPlanner(state(), this::isOnline, "C").choose(config.replicas(), null).peers();
        if (!peers.isEmpty()) {
            propose(batch -> MetaEntries.assignStream(batch, epochNs(), ACCOUNT, config,
                    new MetaEntries.Change(peers, 0, origin(reply))));
        }
    }

    /** Removes a stream. */
    public void deleteStream(final String name, final String reply) {
        propose(batch -> MetaEntries.removeStream(batch, epochNs(), ACCOUNT, name, origin(reply)));
    }

    /** Makes a consumer on all members of its stream, the stream's leader first if it is here. */
    public void createConsumer(final String stream, final ConsumerConfig asked, final String reply) {
        final StreamAssignment of = state().stream(ACCOUNT, stream);
        if (of == null) {
            return;
        }
        final Checked<ConsumerConfig> checked = new ConsumerConfigCheck(LIMITS).check(asked, of.config(), false);
        if (checked.failure() != null) {
            throw new IllegalArgumentException("the workload asks for what can not be: " + checked.failure());
        }
        final String name = checked.config().durableName();
        final ConsumerAssignment existing = state().consumer(ACCOUNT, stream, name);
        final List<NodeId> peers = new ArrayList<>(existing != null ? existing.peers() : of.peers());
        peers.sort((left, right) -> Boolean.compare(isOnline(right), isOnline(left)));
        propose(batch -> MetaEntries.assignConsumer(batch, epochNs(),
                new MetaEntries.ConsumerKey(ACCOUNT, stream, name), checked.config(),
                of.config().storage() == Storage.MEMORY, new MetaEntries.Change(peers, 0, origin(reply))));
    }

    /** Removes a consumer. */
    public void deleteConsumer(final String stream, final String name, final String reply) {
        propose(batch -> MetaEntries.removeConsumer(batch, epochNs(),
                new MetaEntries.ConsumerKey(ACCOUNT, stream, name), origin(reply)));
    }

    private void propose(final Consumer<EntryBatch> entry) {
        process.shard().meta().propose(entry);
    }

    private MetaState state() {
        return process.shard().meta().state();
    }

    private long epochNs() {
        return process.node().clock().nowEpochNs();
    }

    private static Origin origin(final String reply) {
        return new Origin(reply, "", "");
    }
}

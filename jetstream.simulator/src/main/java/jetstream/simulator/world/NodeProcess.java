package jetstream.simulator.world;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusContext;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.frame.Frame;
import jetstream.api.store.Store;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import jetstream.engine.shard.Shard;
import jetstream.engine.shard.ShardSettings;
import jetstream.engine.shard.StreamReplica;
import jetstream.raft.RaftConsensusProvider;
import jetstream.store.file.FileStoreProvider;
import jetstream.store.memory.MemoryStoreProvider;

/**
 * One life of a node: stores, consensus and shard, with the duty cycle of the server's cluster node. It runs a cycle
 * when a frame or a request arrives, a force ends or a deadline comes, as the server's thread does in its selector.
 */
public final class NodeProcess {
    private static final long CYCLE_NS = 10_000;
    private static final long STORE_WORK_NS = 5_000_000;
    private static final int MAX_PAYLOAD = 1 << 20;

    private final WholeNode node;
    private final World world;
    private final SplittableRandom random;
    private final ArrayDeque<Consumer<NodeProcess>> inbox = new ArrayDeque<>();
    private WatchedConsensus consensus;
    private ForcedStore durable;
    private Store inMemory;
    private long memoryTicket;
    private Shard shard;
    private NodeMembers members;
    private NodeHost host;
    private boolean hasFailed;
    private boolean isCyclePlanned;
    private long wakeAtNs = Long.MAX_VALUE;
    private long storeWorkNs;

    NodeProcess(final WholeNode node, final World world, final SplittableRandom random) {
        this.node = node;
        this.world = world;
        this.random = random;
    }

    /** Its node. */
    public WholeNode node() {
        return node;
    }

    /** Its groups. */
    public Shard shard() {
        return shard;
    }

    /** Its part in the cluster, and the requests that the meta leader decides. */
    public NodeMembers members() {
        return members;
    }

    /** Whether a group is open here now. */
    public boolean isOpen(final GroupId group) {
        return group.equals(GroupId.META) || openGroups().contains(group);
    }

    private Set<GroupId> openGroups() {
        final Set<GroupId> open = new HashSet<>();
        for (final StreamReplica stream : shard.streams()) {
            open.add(stream.assignment().group());
            stream.consumers().forEach(consumer -> open.add(consumer.assignment().group()));
        }
        return open;
    }

    /** Answers a client. */
    public void answer(final String inbox, final String text) {
        host.answer(inbox, text);
    }

    /** A stream with a member here; null if there is none. */
    public StreamReplica stream(final String name) {
        return shard.stream(NodeMembers.ACCOUNT, name);
    }

    /** Whether it gave up JetStream because its device failed. */
    public boolean hasFailed() {
        return hasFailed;
    }

    /** All groups it opened. */
    public Map<GroupId, ConsensusGroup> groups() {
        return consensus.groups();
    }

    /** Digest of the present state of a group's member. */
    public long state(final GroupId group) {
        return consensus.state(group);
    }

    /** Opens stores, consensus and groups; false if the disk does not let it. */
    boolean start(final boolean isFirst) {
        try {
            durable = new ForcedStore(this, new FileStoreProvider().open(
                    new StoreContext(null, node.name(), world.settings().store(), this::log,
                            (group, index) -> consensus.onDamage(group, index)),
                    node.disk()),
                    random.split());
            inMemory = new MemoryStoreProvider().open(new StoreContext(null, node.name(), Map.of(), this::log));
            memoryTicket = inMemory.ticket();
            consensus = new WatchedConsensus(node, new RaftConsensusProvider().open(new ConsensusContext(node.id(),
                    random.nextLong() | 1, (peer, lane) -> world.network().link(node.id(), peer, lane),
                    random.nextLong(), world.settings().raft(), this::log, (group, name) -> new Digest())),
                    world.witness());
            host = new NodeHost(this, world);
            shard = new Shard(new ShardSettings(node.id(), "", random.nextLong(), MAX_PAYLOAD), host, consensus,
                    durable.store(), inMemory);
            members = new NodeMembers(this, world);
            host.members(members);
            shard.time(node.clock().nowNs(), node.clock().nowEpochNs());
            consensus.doWork(node.clock().nowNs());
            members.start(isFirst);
            planCycle(0);
            return true;
        } catch (final IOException | RuntimeException e) {
            die(e);
            return false;
        }
    }

    /** The link to a node comes up. */
    void greet(final WholeNode other) {
        if (other != node && other.isUp()) {
            onRequest(me -> me.consensus.onPeerUp(other.id()));
            other.onRequest(it -> it.consensus.onPeerUp(node.id()));
        }
    }

    /** Runs an action later, if this process still lives then. */
    void after(final long delayNs, final Runnable action) {
        world.clock().after(delayNs, () -> {
            if (node.process() == this) {
                action.run();
            }
        });
    }

    void onFrame(final NodeId from, final Frame frame, final ByteBuffer payload) {
        onRequest(me -> me.consensus.onFrame(from, frame, payload, 0, payload.limit()));
    }

    void onRequest(final Consumer<NodeProcess> request) {
        inbox.add(request);
        planCycle(0);
    }

    /** Closes everything in order. */
    void close() {
        if (hasFailed) {
            return;
        }
        shard.close();
        consensus.close();
        try {
            durable.store().close();
        } catch (final StoreException e) {
            world.trace().note(() -> node + " could not close its store: " + e.getMessage());
        }
    }

    /** One turn of the node's thread. */
    void cycle() {
        if (node.process() != this || node.isPaused() || hasFailed) {
            return;
        }
        try {
            turnOrFail();
        } catch (final RuntimeException e) {
            die(e);
        }
    }

    private void turnOrFail() {
        try {
            plan(turn(node.clock().nowNs()));
        } catch (final StoreException.Failed e) {
            fail(e);
        }
    }

    private int turn(final long nowNs) {
        shard.time(nowNs, node.clock().nowEpochNs());
        for (Consumer<NodeProcess> next = inbox.poll(); next != null; next = inbox.poll()) {
            next.accept(this);
        }
        durable.reportForced(consensus);
        int work = shard.beforeConsensus();
        work += consensus.doWork(nowNs);
        work += shard.afterConsensus();
        durable.submit(consensus);
        work += submitMemory();
        if (nowNs - storeWorkNs >= STORE_WORK_NS) {
            storeWorkNs = nowNs;
            durable.store().doWork(nowNs);
        }
        if (durable.failure() != null) {
            fail(durable.failure());
            return 0;
        }
        members.tick(nowNs);
        return work;
    }

    /** As the server does: JetStream stops here until somebody starts the server again. */
    private void fail(final StoreException e) {
        world.trace().note(() -> node + " gives up its store: " + e.getMessage());
        if (!node.disk().hasRefused()) {
            world.trace().fail(node + " gave up a store whose disk refused nothing: " + describe(e));
        }
        hasFailed = true;
        shard.close();
    }

    private int submitMemory() {
        final long now = inMemory.ticket();
        if (now == memoryTicket) {
            return 0;
        }
        memoryTicket = now;
        consensus.onTicket(inMemory, now);
        inMemory.force(now);
        consensus.onForced(inMemory, now);
        return 1;
    }

    private void plan(final int work) {
        if (hasFailed) {
            return;
        }
        if (work > 0) {
            planCycle(CYCLE_NS);
            return;
        }
        final long deadlineNs = Math.min(Math.min(consensus.nextDeadlineNs(), shard.nextDeadlineNs()),
                members.nextDeadlineNs());
        final long atNs = Math.max(node.clock().simulatedNs(deadlineNs), world.clock().nowNs() + CYCLE_NS);
        if (atNs < wakeAtNs || wakeAtNs <= world.clock().nowNs()) {
            wakeAtNs = atNs;
            world.clock().at(atNs, () -> {
                if (wakeAtNs == atNs) {
                    wakeAtNs = Long.MAX_VALUE;
                    cycle();
                }
            });
        }
    }

    private void planCycle(final long delayNs) {
        if (!isCyclePlanned) {
            isCyclePlanned = true;
            world.clock().after(delayNs, () -> {
                isCyclePlanned = false;
                cycle();
            });
        }
    }

    /** Whatever gets here ends the server. That is right only if its own device refused it something. */
    private void die(final Exception e) {
        world.trace().note(() -> node + " dies: " + e);
        final boolean isDevice =
                node.disk().hasRefused() && (e instanceof IOException || e instanceof StoreException.Failed);
        if (!isDevice) {
            world.trace().fail(node + " died by itself: " + describe(e));
        }
        if (node.process() == this) {
            node.kill();
        }
    }

    private static String describe(final Exception e) {
        final StringBuilder text = new StringBuilder(e.toString());
        final StackTraceElement[] stack = e.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, 12); i++) {
            text.append("\n    at ").append(stack[i]);
        }
        return text.toString();
    }

    private void log(final boolean warning, final String line) {
        world.trace().note(() -> node + (warning ? " WARN " : " ") + line);
        if (warning && line.contains(": stopped at term") && !line.contains("StoreException$Failed")) {
            world.witness().onGroupStopped(node, line);
        }
    }
}

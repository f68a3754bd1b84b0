package jetstream.testkit.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import jetstream.api.NodeId;
import jetstream.api.consensus.Consensus;
import jetstream.api.consensus.ConsensusContext;
import jetstream.api.consensus.ConsensusProvider;
import jetstream.api.frame.Frame;
import jetstream.api.store.CheckpointWriter;

/**
 * A node of a {@link SimulatedCluster}: consensus and store as in a server, with the duty cycle of a shard. It runs
 * a cycle when a frame arrives, a force ends or a deadline comes.
 */
public final class SimulatedNode {
    private record Arrival(NodeId from, Frame frame, ByteBuffer payload) {
    }

    private final NodeId id;
    private final SimulatedCluster cluster;
    private final SimulatedDisk disk;
    private final SplittableRandom random;
    private final Supplier<NodeProgram> programs;
    private final ArrayDeque<Arrival> inbox = new ArrayDeque<>();
    private Consensus consensus;
    private SimulatedStore store;
    private NodeProgram program;
    private long life;
    private int setAsideCount;
    private boolean paused;
    private boolean wiped;
    private long ticketTaken;
    private long ticketForcing;
    private long ticketForced;
    private boolean forceDone;
    private boolean forcing;
    private boolean cyclePlanned;
    private long wakeAtNs = Long.MAX_VALUE;

    SimulatedNode(final NodeId id, final SimulatedCluster cluster, final SplittableRandom random,
            final Supplier<NodeProgram> programs) {
        this.id = id;
        this.cluster = cluster;
        this.random = random;
        this.programs = programs;
        this.disk = new SimulatedDisk(random.split());
    }

    /** Identity. */
    public NodeId id() {
        return id;
    }

    /** Its consensus; null while it is down. */
    public Consensus consensus() {
        return consensus;
    }

    /** Its store; null while it is down. */
    public SimulatedStore store() {
        return store;
    }

    /** Its disk, which outlives the node's lives. */
    public SimulatedDisk disk() {
        return disk;
    }

    /** What runs on it; null while it is down. */
    public NodeProgram program() {
        return program;
    }

    /** Simulated time. */
    public long nowNs() {
        return cluster.clock().nowNs();
    }

    /** Whether it runs, paused or not. */
    public boolean isUp() {
        return consensus != null;
    }

    /** Whether it is stopped like a process by SIGSTOP. */
    public boolean isPaused() {
        return paused;
    }

    /** Whether its disk was emptied and holds nothing since: it must come up as a learner (DESIGN D7). */
    public boolean wasWiped() {
        return wiped;
    }

    /** How many times data of a group was set aside. */
    public int setAsideCount() {
        return setAsideCount;
    }

    private CheckpointWriter setAside() {
        return new CheckpointWriter() {
            @Override
            public void write(final ByteBuffer bytes) {
                // Only counted: nobody looks into it here.
            }

            @Override
            public void commit() {
                setAsideCount++;
            }

            @Override
            public void abort() {
                // As if it had not begun.
            }
        };
    }

    /** Whether it was up before, with whatever disk. */
    public boolean hasBooted() {
        return life > 0;
    }

    /** Starts the node with what its disk holds. */
    public void boot() {
        if (isUp()) {
            return;
        }
        life++;
        wiped &= disk.isEmpty();
        store = disk.open();
        ticketTaken = store.ticket();
        ticketForced = ticketTaken;
        final ConsensusProvider provider = cluster.provider();
        consensus = provider.open(new ConsensusContext(id, random.nextLong() | 1,
                (peer, lane) -> cluster.network().link(id, peer, lane), random.nextLong(), cluster.settings(),
                (warning, text) -> cluster.onLog(this, warning, text), (group, name) -> setAside()));
        program = programs.get();
        consensus.doWork(nowNs());
        program.start(this);
        planCycle();
    }

    /** The node loses its power: the disk keeps what was forced, and a part of what was not. */
    public void crash() {
        if (isUp()) {
            disk.crash();
            down();
        }
    }

    /** The node is stopped with SIGTERM: groups and store are closed. */
    public void stop() {
        if (isUp()) {
            consensus.close();
            store.close();
            down();
        }
    }

    /** Crashes the node and empties its disk. */
    public void wipe() {
        crash();
        disk.wipe();
        wiped = true;
    }

    /** Stops the node for that long; what arrives meanwhile waits for it. */
    public void pause(final long lengthNs) {
        if (isUp() && !paused) {
            paused = true;
            final long pausedLife = life;
            cluster.clock().after(lengthNs, () -> {
                if (life == pausedLife) {
                    paused = false;
                    cycle();
                }
            });
        }
    }

    /** Plans a duty cycle for now, after what has already happened at this time. */
    public void planCycle() {
        if (!cyclePlanned) {
            cyclePlanned = true;
            cluster.clock().after(0, () -> {
                cyclePlanned = false;
                cycle();
            });
        }
    }

    void onArrival(final NodeId from, final Frame frame, final ByteBuffer payload) {
        if (isUp()) {
            inbox.add(new Arrival(from, frame, payload));
            if (!paused) {
                planCycle();
            }
        }
    }

    private void down() {
        life++;
        consensus = null;
        store = null;
        program = null;
        paused = false;
        inbox.clear();
        forcing = false;
        forceDone = false;
        wakeAtNs = Long.MAX_VALUE;
    }

    private void cycle() {
        if (!isUp() || paused) {
            return;
        }
        for (Arrival arrival = inbox.poll(); arrival != null; arrival = inbox.poll()) {
            consensus.onFrame(arrival.from(), arrival.frame(), arrival.payload(), 0, arrival.payload().limit());
        }
        if (forceDone) {
            forceDone = false;
            forcing = false;
            consensus.onForced(store, ticketForced);
        }
        program.doWork(this);
        consensus.doWork(nowNs());
        takeTicket();
        planWake();
    }

    private void takeTicket() {
        final long ticket = store.ticket();
        if (ticket != ticketTaken) {
            ticketTaken = ticket;
            consensus.onTicket(store, ticket);
        }
        if (!forcing && ticketTaken > ticketForced) {
            forcing = true;
            ticketForcing = ticketTaken;
            final long forcingLife = life;
            cluster.clock().after(cluster.forceDelayNs(random), () -> endForce(forcingLife));
        }
    }

    private void endForce(final long forcingLife) {
        if (life == forcingLife) {
            store.force(ticketForcing);
            ticketForced = ticketForcing;
            forceDone = true;
            cycle();
        }
    }

    private void planWake() {
        final long deadlineNs = Math.max(consensus.nextDeadlineNs(), nowNs());
        if (deadlineNs < wakeAtNs || wakeAtNs <= nowNs()) {
            wakeAtNs = deadlineNs;
            final long wakeLife = life;
            cluster.clock().at(deadlineNs, () -> {
                if (life == wakeLife && wakeAtNs == deadlineNs) {
                    wakeAtNs = Long.MAX_VALUE;
                    cycle();
                }
            });
        }
    }

}

package jetstream.simulator.world;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;

/**
 * A server of the cluster, as a machine: its disk, its clocks and the few facts that it remembers outlive the processes
 * that run on it.
 */
public final class WholeNode {
    private static final long FORCE_MIN_NS = 30_000;
    private static final long FORCE_MAX_NS = 1_000_000;

    /** What a node remembers of its cluster beside its store: the server's {@code cluster.txt}. */
    static final class Memory {
        boolean isMember;
        List<NodeId> founders = List.of();
        long joinedAt;
    }

    private final String name;
    private final NodeId id;
    private final World world;
    private final SplittableRandom random;
    private final SimulatedDisk disk;
    private final DiskDamage damage;
    private final NodeClock clock;
    private Memory memory = new Memory();
    private NodeProcess process;
    private boolean isPaused;
    private boolean isNew = true;
    private long forceMaxNs = FORCE_MAX_NS;
    private int boots;

    WholeNode(final String name, final World world, final SplittableRandom random) {
        this.name = name;
        this.world = world;
        this.random = random;
        id = NodeId.of(name);
        disk = new SimulatedDisk(random.split());
        damage = new DiskDamage(disk, random.split());
        clock = new NodeClock(world.clock());
    }

    /** Server name. */
    public String name() {
        return name;
    }

    /** Identity. */
    public NodeId id() {
        return id;
    }

    /** Its disk. */
    public SimulatedDisk disk() {
        return disk;
    }

    /** Damage to its disk; while it is down. */
    public DiskDamage damage() {
        return damage;
    }

    /** Its clocks. */
    public NodeClock clock() {
        return clock;
    }

    /** The process that runs on it; null while it is down. */
    public NodeProcess process() {
        return process;
    }

    /** Whether a process runs, paused or not. */
    public boolean isUp() {
        return process != null;
    }

    /** Whether its process is stopped, as by SIGSTOP. */
    public boolean isPaused() {
        return isPaused;
    }

    /** Whether its process runs and has not given up its store. */
    public boolean serves() {
        return isUp() && !isPaused && !process.hasFailed();
    }

    /** Longest time that a force takes from now on. */
    public void forceMaxNs(final long ns) {
        forceMaxNs = Math.max(ns, FORCE_MIN_NS + 1);
    }

    /** Forces are as fast as usual again. */
    public void forceFast() {
        forceMaxNs = FORCE_MAX_NS;
    }

    /** Starts a process, if there is none. */
    public void boot() {
        if (isUp()) {
            return;
        }
        boots++;
        disk.replug();
        world.trace().note(() -> name + " starts, life " + boots);
        final NodeProcess started = new NodeProcess(this, world, random.split());
        process = started;
        if (started.start(isNew)) {
            isNew = false;
            world.nodes().forEach(started::greet);
        } else {
            process = null;                         // it said why; somebody starts it again
        }
    }

    /** The process ends without a word; the disk keeps what was written, forced or not. */
    public void kill() {
        if (isUp()) {
            world.trace().note(() -> name + " is killed");
            process = null;
            isPaused = false;
        }
    }

    /** The power goes: the process ends, and so does what was not forced. */
    public void losePower() {
        world.trace().note(() -> name + " loses power");
        process = null;
        isPaused = false;
        disk.losePower();
    }

    /** The process is stopped with SIGTERM. */
    public void stop() {
        if (isUp()) {
            world.trace().note(() -> name + " is stopped");
            final NodeProcess ending = process;
            process = null;
            isPaused = false;
            ending.close();
        }
    }

    /** Somebody empties the disk of a node that is down; it comes back under the same name. */
    public void wipe() {
        kill();
        world.trace().note(() -> name + " is wiped");
        disk.wipe();
        memory = new Memory();
    }

    /** Stops the process for that long; what arrives meanwhile waits for it. */
    public void pause(final long lengthNs) {
        if (isUp() && !isPaused) {
            world.trace().note(() -> name + " is paused for " + lengthNs / 1_000_000 + " ms");
            isPaused = true;
            final NodeProcess paused = process;
            world.clock().after(lengthNs, () -> {
                if (process == paused) {
                    isPaused = false;
                    paused.cycle();
                }
            });
        }
    }

    Memory memory() {
        return memory;
    }

    long forceLengthNs() {
        return random.nextLong(FORCE_MIN_NS, forceMaxNs);
    }

    void onFrame(final NodeId from, final Frame frame, final ByteBuffer payload) {
        if (isUp()) {
            process.onFrame(from, frame, payload);
        }
    }

    void onRequest(final Consumer<NodeProcess> request) {
        if (isUp()) {
            process.onRequest(request);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}

package jetstream.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusProvider;

/**
 * Whole nodes in one thread under one seed: the same seed gives the same run, event by event. The consensus plug-in
 * comes from the caller or the {@link ServiceLoader}; what runs above it from the caller.
 */
public final class SimulatedCluster {
    private static final long MILLISECOND = 1_000_000L;

    private final SimulatedClock clock = new SimulatedClock();
    private final SplittableRandom random;
    private final SimulatedNetwork network;
    private final ConsensusProvider provider;
    private final Map<String, String> settings;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private long forceMaxNs = MILLISECOND;

    /** A cluster without nodes. */
    public SimulatedCluster(final long seed, final ConsensusProvider provider, final Map<String, String> settings) {
        this.random = new SplittableRandom(seed);
        this.provider = provider;
        this.settings = Map.copyOf(settings);
        this.network = new SimulatedNetwork(clock, random.split(),
                (from, to, frame, payload) -> node(to).onArrival(from, frame, payload));
    }

    /** The consensus plug-in of that name; it must be on the module or class path exactly once. */
    public static ConsensusProvider providerNamed(final String name) {
        final List<ConsensusProvider> found = new ArrayList<>();
        for (final ConsensusProvider candidate : ServiceLoader.load(ConsensusProvider.class)) {
            if (candidate.name().equals(name)) {
                found.add(candidate);
            }
        }
        if (found.size() != 1) {
            throw new IllegalStateException(
                    "consensus plug-in \"" + name + "\" was found " + found.size() + " times: " + found);
        }
        return found.getFirst();
    }

    /** Adds a node that is down; it comes up with {@link SimulatedNode#boot}. */
    public SimulatedNode add(final String name, final Supplier<NodeProgram> programs) {
        final SimulatedNode node = new SimulatedNode(NodeId.of(name), this, random.split(), programs);
        nodes.add(node);
        return node;
    }

    /** All nodes, up or down, in the order in which they were added. */
    public List<SimulatedNode> nodes() {
        return List.copyOf(nodes);
    }

    /** The node of that identity. */
    public SimulatedNode node(final NodeId id) {
        for (final SimulatedNode node : nodes) {
            if (node.id().equals(id)) {
                return node;
            }
        }
        throw new IllegalArgumentException("no such node: " + id);
    }

    /** Time. */
    public SimulatedClock clock() {
        return clock;
    }

    /** Lanes between the nodes. */
    public SimulatedNetwork network() {
        return network;
    }

    /** Lets that much simulated time pass. */
    public void run(final long lengthNs) {
        clock.runUntil(clock.nowNs() + lengthNs);
    }

    /** Longest time that a force takes from now on. */
    public void forceMaxNs(final long ns) {
        forceMaxNs = ns;
    }

    /** Makes the run fail with that reason. */
    public void fail(final String reason) {
        if (failures.size() < 20) {
            failures.add(clock.nowNs() / MILLISECOND + " ms: " + reason);
        }
    }

    /** Why the run failed; empty if it did not. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** What happened, one line each: log lines of the nodes and notes of the faults. */
    public List<String> log() {
        return List.copyOf(log);
    }

    /** Adds a line to the log. */
    public void note(final String line) {
        log.add(clock.nowNs() / MILLISECOND + " ms " + line);
    }

    ConsensusProvider provider() {
        return provider;
    }

    Map<String, String> settings() {
        return settings;
    }

    long forceDelayNs(final SplittableRandom nodeRandom) {
        return nodeRandom.nextLong(20_000, forceMaxNs);
    }

    void onLog(final SimulatedNode node, final boolean warning, final String text) {
        note(node.id() + " " + text);
        if (warning && text.contains(": stopped at term")) {
            fail(node.id() + " " + text);
        }
    }
}

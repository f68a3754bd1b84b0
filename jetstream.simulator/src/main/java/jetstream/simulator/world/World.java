package jetstream.simulator.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jetstream.api.NodeId;
import jetstream.testkit.simulation.SimulatedClock;
import jetstream.testkit.simulation.SimulatedNetwork;

/**
 * Whole nodes, their disks, the network between them and the wire to the clients, in one thread under one seed: the
 * same seed gives the same run, event by event.
 */
public final class World {
    private static final long MILLISECOND = 1_000_000L;

    private final WorldSettings settings;
    private final SimulatedClock clock = new SimulatedClock();
    private final Trace trace;
    private final Witness witness;
    private final SimulatedNetwork network;
    private final ClientWire clients;
    private final List<WholeNode> nodes = new ArrayList<>();

    /** A world whose nodes are down. */
    public World(final WorldSettings settings, final SplittableRandom random, final Witness witness,
            final boolean isTold) {
        this.settings = settings;
        this.witness = witness;
        trace = new Trace(clock, isTold);
        network = new SimulatedNetwork(clock, random.split(),
                (from, to, frame, payload) -> node(to).onFrame(from, frame, payload));
        clients = new ClientWire(clock, random.split());
        for (int i = 1; i <= settings.nodes(); i++) {
            nodes.add(new WholeNode("n" + i, this, random.split()));
        }
    }

    /** Settings of all nodes. */
    public WorldSettings settings() {
        return settings;
    }

    /** Time. */
    public SimulatedClock clock() {
        return clock;
    }

    /** Story and failures. */
    public Trace trace() {
        return trace;
    }

    /** Lanes between the nodes. */
    public SimulatedNetwork network() {
        return network;
    }

    /** The wire to the clients. */
    public ClientWire clients() {
        return clients;
    }

    /** All nodes. */
    public List<WholeNode> nodes() {
        return nodes;
    }

    /** Their ids. */
    public List<NodeId> ids() {
        return nodes.stream().map(WholeNode::id).toList();
    }

    /** The node of that id. */
    public WholeNode node(final NodeId id) {
        for (final WholeNode node : nodes) {
            if (node.id().equals(id)) {
                return node;
            }
        }
        throw new IllegalArgumentException("no such node: " + id);
    }

    /** Lets that much simulated time pass, or less if the run fails. */
    public void run(final long lengthNs) {
        final long endNs = clock.nowNs() + lengthNs;
        while (clock.nowNs() < endNs && !trace.hasFailed()) {
            clock.runUntil(Math.min(endNs, clock.nowNs() + 20 * MILLISECOND));
        }
    }

    /** Whether frames get from each of the two to the other. */
    boolean isLinked(final WholeNode left, final WholeNode right) {
        return left.isUp() && right.isUp() && !network.isCut(left.id(), right.id())
                && !network.isCut(right.id(), left.id());
    }

    Witness witness() {
        return witness;
    }
}

package jetstream.testkit.simulation;

/** What runs on a simulated node above its consensus: opens groups, proposes, applies. Made anew at every boot. */
public interface NodeProgram {
    /** The node came up. */
    void start(SimulatedNode node);

    /** Once per duty cycle, before the consensus works. */
    default void doWork(final SimulatedNode node) {
    }
}

/** Contract suites for plug-in authors and the deterministic simulator. */
module jetstream.testkit {
    requires transitive jetstream.api;
    requires jetstream.engine;
    requires transitive org.junit.jupiter.api;
    requires org.junit.jupiter.params;

    exports jetstream.testkit.contract;
    exports jetstream.testkit.simulation;

    uses jetstream.api.consensus.ConsensusProvider;
}

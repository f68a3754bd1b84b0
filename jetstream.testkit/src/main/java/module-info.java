/** Contract suites for plug-in authors and the deterministic simulator. */
module jetstream.testkit {
    requires transitive jetstream.api;
    requires jetstream.engine;
    requires transitive org.junit.jupiter.api;
    requires org.junit.jupiter.params;

    exports jetstream.testkit.contract;
    exports jetstream.testkit.simulation;

    // JUnit calls the suites' own methods by reflection, also where a plug-in's tests have this on their module path.
    opens jetstream.testkit.contract to org.junit.platform.commons;

    uses jetstream.api.consensus.ConsensusProvider;
}

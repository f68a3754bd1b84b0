package jetstream.simulator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What {@code bin/simulate} starts; not part of the test run. */
class EndlessSimulation {
    @Test
    void runsUntilASeedFails() {
        final String arguments = System.getProperty("simulation.arguments", "").trim();
        assertTrue(Simulate.run(Arguments.of(arguments.isEmpty() ? new String[0] : arguments.split(" +"))));
    }
}

package jetstream.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldRequestsTest {
    private static final long START_NS = Long.MAX_VALUE - HeldRequests.PATIENCE_NS / 2;

    private final HeldRequests held = new HeldRequests();
    private final List<String> ends = new ArrayList<>();

    /** A request whose group's standing the test sets. */
    private final class Fake implements HeldRequests.Hold {
        private final String name;
        private boolean leads;
        private boolean leaderless = true;

        Fake(final String name) {
            this.name = name;
            held.add(this, START_NS);
        }

        @Override
        public boolean isServable() {
            return leads;
        }

        @Override
        public boolean isLeaderless() {
            return leaderless;
        }

        @Override
        public void serve() {
            ends.add("served " + name);
        }

        @Override
        public void refuse() {
            ends.add("refused " + name);
        }
    }

    @Test
    void isServedOnceByTheMemberThatLeadsInTime() {
        final Fake first = new Fake("a");
        final Fake second = new Fake("b");
        held.tick(START_NS + 1);
        assertEquals(List.of(), ends);
        second.leads = true;
        held.tick(START_NS + 2);
        assertEquals(List.of("served b"), ends, "not held up by the one before it");
        first.leads = true;
        held.tick(START_NS + HeldRequests.PATIENCE_NS);
        held.tick(START_NS + 2 * HeldRequests.PATIENCE_NS);
        assertEquals(List.of("served b", "served a"), ends);
    }

    @Test
    void isRefusedAfterAWhileWithoutLeader() {
        new Fake("a");
        held.tick(START_NS + HeldRequests.PATIENCE_NS - 1);
        assertEquals(List.of(), ends);
        held.tick(START_NS + HeldRequests.PATIENCE_NS);
        assertEquals(List.of("refused a"), ends);
    }

    @Test
    void isForgottenWhereAnotherLeads() {
        new Fake("a").leaderless = false;
        held.tick(START_NS + HeldRequests.PATIENCE_NS);
        held.tick(START_NS + 2 * HeldRequests.PATIENCE_NS);
        assertEquals(List.of(), ends);
    }

    @Test
    void oldestMakesRoom() {
        new Fake("oldest");
        for (int i = 0; i < HeldRequests.HELD_MAX; i++) {
            new Fake("r" + i);
        }
        held.tick(START_NS + HeldRequests.PATIENCE_NS);
        assertEquals(HeldRequests.HELD_MAX, ends.size());
        assertEquals("refused r0", ends.getFirst());
    }
}

package jetstream.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jetstream.api.NodeId;
import org.junit.jupiter.api.Test;

class PeerClocksTest {
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;
    private static final long HOUR = 3_600 * SECOND;
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");
    private static final NodeId D = NodeId.of("d");
    /** What the clocks say when the monotonic one says 0. */
    private static final long RIGHT = 1_800_000_000L * SECOND;

    private final PeerClocks peers = new PeerClocks();

    @Test
    void aServerAloneGoesByItsOwnClock() {
        assertEquals(RIGHT + HOUR, peers.agreed(RIGHT + HOUR, 0));
    }

    @Test
    void ofTwoClocksThatDifferTheOwnOneCounts() {
        peers.heard(B, RIGHT, 0);
        assertEquals(RIGHT + HOUR, peers.agreed(RIGHT + HOUR, 0));
    }

    @Test
    void aMajorityContradictsAClockThatJumpedEitherWay() {
        peers.heard(B, RIGHT, 0);
        peers.heard(C, RIGHT + 5 * MS, 0);
        assertEquals(RIGHT + SECOND + 5 * MS, peers.agreed(RIGHT + SECOND + HOUR, SECOND));
        assertEquals(RIGHT + SECOND, peers.agreed(RIGHT + SECOND - HOUR, SECOND));
    }

    @Test
    void anotherServersWrongClockConfusesNobody() {
        peers.heard(B, RIGHT, 0);
        peers.heard(C, RIGHT + HOUR, 0);
        assertEquals(RIGHT, peers.agreed(RIGHT, 0));
    }

    @Test
    void aClockThatIsALittleOffIsLeftAlone() {
        peers.heard(B, RIGHT, 0);
        peers.heard(C, RIGHT, 0);
        assertEquals(RIGHT + PeerClocks.TOLERATED_NS, peers.agreed(RIGHT + PeerClocks.TOLERATED_NS, 0));
    }

    @Test
    void whatComesLateAfterAPauseTellsNothing() {
        for (int i = 0; i < 4; i++) {
            peers.heard(B, RIGHT + i * SECOND, i * SECOND);
            peers.heard(C, RIGHT + i * SECOND, i * SECOND);
        }
        peers.heard(B, RIGHT + 4 * SECOND, 7 * SECOND);
        peers.heard(C, RIGHT + 4 * SECOND, 7 * SECOND);
        assertEquals(RIGHT + 7 * SECOND, peers.agreed(RIGHT + 7 * SECOND, 7 * SECOND));
    }

    @Test
    void whatWasToldLongAgoOrByAServerThatIsGoneCountsNoMore() {
        peers.heard(B, RIGHT, 0);
        peers.heard(C, RIGHT, 0);
        peers.heard(D, RIGHT, 0);
        peers.remove(D);
        assertEquals(RIGHT + HOUR, peers.agreed(RIGHT + HOUR, 6 * SECOND));
    }
}

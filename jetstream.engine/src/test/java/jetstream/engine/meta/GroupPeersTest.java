package jetstream.engine.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jetstream.api.NodeId;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import org.junit.jupiter.api.Test;

class GroupPeersTest {
    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");
    private static final NodeId D = NodeId.of("d");

    private final GroupPeers three = GroupPeers.founded(List.of(A, B, C));

    @Test
    void nodeThatLeavesHoldsTheGroupUntilItIsSettled() {
        final GroupPeers moving = three.toward(List.of(A, B, D));

        assertTrue(moving.holds(C));
        assertTrue(moving.isMoving());
        assertEquals(List.of(C), moving.leaving());
        assertFalse(moving.settled().holds(C));
        assertFalse(moving.settled().isMoving());
    }

    @Test
    void nodeThatComesBackCountsAsAddedThoughItWasAFounder() {
        final GroupPeers back = three.toward(List.of(A)).settled().toward(List.of(A, B, C));

        assertTrue(back.isAdded(B));
        assertFalse(back.isAdded(A));
        assertEquals(List.of(A, B, C), back.founders());
    }

    @Test
    void nodeThatIsTakenBackBeforeItLeftIsNotAdded() {
        final GroupPeers back = three.toward(List.of(A, B, D)).toward(List.of(A, B, C));

        assertFalse(back.isAdded(C));
        assertEquals(List.of(D), back.leaving());
    }

    @Test
    void sameNodesInAnotherOrderAreNoMove() {
        assertSame(three, three.toward(List.of(C, A, B)));
    }

    @Test
    void oneNodeIsAloneOnlyWhenTheOthersAreGone() {
        final GroupPeers down = three.toward(List.of(A));

        assertFalse(down.isLone());
        assertTrue(down.settled().isLone());
    }

    @Test
    void jsonKeepsEverything() {
        for (final GroupPeers peers : List.of(three, three.toward(List.of(A, D)),
                three.toward(List.of(A, D)).settled())) {
            assertEquals(peers, GroupPeers.read(JsonObject.parse(JsonText.object(peers::write))));
        }
    }
}

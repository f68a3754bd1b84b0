package jetstream.server.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.engine.meta.GroupPeers;
import org.junit.jupiter.api.Test;

class ForgottenReportsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");
    private static final NodeId D = NodeId.of("d");
    private static final GroupId GROUP = GroupId.ofAssignment(7, true);
    private static final GroupPeers THREE = GroupPeers.founded(List.of(A, B, C));

    private final ForgottenReports reports = new ForgottenReports();

    @Test
    void oneOfThreeIsNotEnough() {
        reports.add(GROUP, A, 0);
        reports.add(GROUP, A, SECOND);
        reports.add(GROUP, D, SECOND);
        assertFalse(reports.isLost(GROUP, THREE));

        reports.add(GROUP, B, SECOND);
        assertTrue(reports.isLost(GROUP, THREE));
        assertFalse(reports.isLost(GroupId.ofAssignment(8, true), THREE));
    }

    @Test
    void whoSaysNothingAnyMoreRemembersAgain() {
        reports.add(GROUP, A, 0);
        reports.add(GROUP, B, 3 * SECOND);

        assertFalse(reports.isEmpty(3 * SECOND));
        assertFalse(reports.isLost(GROUP, THREE));
        assertTrue(reports.isEmpty(6 * SECOND));
    }

    @Test
    void whileMembersChangeAllMustHaveForgotten() {
        final GroupPeers moving = THREE.toward(List.of(A, B, D));
        reports.add(GROUP, A, 0);
        reports.add(GROUP, B, 0);
        reports.add(GROUP, D, 0);
        assertFalse(reports.isLost(GROUP, moving));

        reports.add(GROUP, C, 0);
        assertTrue(reports.isLost(GROUP, moving));
    }
}

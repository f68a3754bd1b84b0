package jetstream.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;
import jetstream.testkit.simulation.Mutant;
import org.junit.jupiter.api.Test;

/**
 * Each of these bugs loses, doubles or delays something for ever; the simulator must find it in a few hundred seeds.
 */
class SimulatorCatchesTest {
    private static final int SEEDS_MAX = 400;
    private static final String CRASHES = "KILL,POWER,POWER_MANY,SLOW_FORCE,PARTITION,UNRELIABLE";
    private static final Consumer<CodeBuilder> TRUE = code -> code.iconst_1().ireturn();
    private static final Consumer<CodeBuilder> NULL = code -> code.aconst_null().areturn();
    private static final Consumer<CodeBuilder> NOTHING = CodeBuilder::return_;

    @Test
    void aVoteThatNeverReachesTheDisk() {
        final ClassDesc store = ClassDesc.of("jetstream.store.file.FileStore");
        final ClassDesc group = ClassDesc.of("jetstream.store.file.FileGroup");
        final ClassDesc state = ClassDesc.of("jetstream.store.file.GroupState");
        caught("store.file.FileStore", "save", code -> code.aload(0).aload(1)
                .invokevirtual(store, "group", MethodTypeDesc.of(group, ClassDesc.of("jetstream.api.GroupId")))
                .getfield(group, "state", state).aload(2)
                .putfield(state, "ballot", ClassDesc.of("jetstream.api.store.Ballot")).return_(), CRASHES);
    }

    @Test
    void anAcknowledgementBeforeAQuorum() {
        final ClassDesc core = ClassDesc.of("jetstream.raft.core.RaftCore");
        final ClassDesc log = ClassDesc.of("jetstream.raft.core.RaftLog");
        caught("raft.core.Leader", "countedIndex", code -> code.aload(0)
                .getfield(ClassDesc.of("jetstream.raft.core.Leader"), "core", core)
                .getfield(core, "log", log)
                .invokeinterface(log, "lastIndex", MethodTypeDesc.of(ConstantDescs.CD_long)).lreturn(), CRASHES);
    }

    @Test
    void anEntryOfAnOlderTermCommittedByCounting() {
        caught("raft.core.CommitRule", "isOfOwnTerm", TRUE, CRASHES + ",PAUSE,ONE_WAY,BRIDGE");
    }

    @Test
    void aForceThatDoesNothing() {
        caught("store.file.Forcer", "force", NOTHING, CRASHES);
    }

    @Test
    void aTruncationThatIsLost() {
        caught("raft.driver.GroupEffects", "truncateFrom", NOTHING, CRASHES);
    }

    @Test
    void aChecksumThatIsSkipped() {
        caught("store.file.Checksums", "isBodyIntact", TRUE, "DAMAGE,KILL");
    }

    @Test
    void aVoteOfANodeThatLostItsDisk() {
        caught("raft.core.RaftCore", "mayVote", TRUE, "WIPE,POWER,PARTITION,PAUSE");
    }

    @Test
    void aDuplicateThatIsNotSeen() {
        caught("engine.stream.DuplicateWindow", "find", code -> code.lconst_0().lreturn(), "CLIENTS,PAUSE");
    }

    @Test
    void aConditionThatIsNotChecked() {
        caught("engine.stream.PublishRules", "checkExpectedSequences", NULL, "CLIENTS");
    }

    @Test
    void anAckOfAQueueThatRemovesNothing() {
        caught("engine.shard.StreamReplica", "onConsumerDone", NOTHING, "PAUSE");
    }

    /** Found by the simulator: the removal that a leader had proposed, or not yet, was lost with it. */
    @Test
    void anAckOfAQueueThatWasAppliedBeforeTheLeaderLed() {
        caught("engine.shard.Leftovers", "suspect", NOTHING, "KILL,STEPDOWN,PAUSE");
    }

    /** Found by the simulator: a restart after a stream was made anew deleted the state of its consumers. */
    @Test
    void consumersThatAreOpenedWithTheirStreamsFormerIncarnation() {
        caught("engine.shard.Replicas", "isPresent", TRUE, "RECREATE,POWER_MANY,TERMINATE");
    }

    private static void caught(final String brokenClass, final String method, final Consumer<CodeBuilder> body,
            final String faults) {
        final Class<?> runs = new Mutant("jetstream", "jetstream." + brokenClass, method, body)
                .mutated(BrokenRun.class.getName());
        try {
            final String failure =
                    (String) runs.getMethod("firstFailure", int.class, String.class).invoke(null, SEEDS_MAX, faults);
            assertFalse(failure.isEmpty(), "not caught by " + SEEDS_MAX + " seeds");
            System.out.println("caught by " + failure);
            final long seed = Long.parseLong(failure.substring("seed ".length(), failure.indexOf(':')));
            assertEquals(List.of(), BrokenRun.failures(seed, faults), "the server as it is fails with that seed, too");
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException("the mutant does not run", e);
        }
    }

    @Test
    void theServerAsItIsPasses() {
        assertTrue(BrokenRun.firstFailure(20, "").isEmpty());
    }
}

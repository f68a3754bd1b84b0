package jetstream.raft;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;
import java.util.function.Consumer;
import jetstream.api.consensus.ConsensusProvider;
import jetstream.testkit.simulation.FaultPlan;
import jetstream.testkit.simulation.GroupSimulation;
import jetstream.testkit.simulation.Mutant;
import org.junit.jupiter.api.Test;

/** Each of these bugs loses or doubles something; the simulator must find it in a few hundred seeds. */
class SimulatorCatchesTest {
    private static final int SEEDS_MAX = 600;
    private static final Consumer<CodeBuilder> TRUE = code -> code.iconst_1().ireturn();
    private static final Consumer<CodeBuilder> NOTHING = CodeBuilder::return_;

    /** What is done to a run before it starts. */
    @FunctionalInterface
    private interface Preparation {
        void prepare(GroupSimulation run);
    }

    private static final Preparation NONE = run -> {
    };

    @Test
    void aVoteThatIsNotForced() {
        caught(mutant("core.RaftCore", "isBallotForced", TRUE),
                Set.of(FaultPlan.Kind.CRASH_MANY, FaultPlan.Kind.CRASH, FaultPlan.Kind.SLOW, FaultPlan.Kind.UNRELIABLE),
                run -> run.cluster().nodes().forEach(node -> node.disk().loseBallots()));
    }

    @Test
    void anEntryOfAnOlderTermCommittedByCounting() {
        caught(mutant("core.CommitRule", "isOfOwnTerm", TRUE), NONE);
    }

    @Test
    void anAcknowledgementBeforeAQuorum() {
        final ClassDesc core = ClassDesc.of("jetstream.raft.core.RaftCore");
        final ClassDesc log = ClassDesc.of("jetstream.raft.core.RaftLog");
        caught(mutant("core.Leader", "countedIndex", code -> code.aload(0)
                .getfield(ClassDesc.of("jetstream.raft.core.Leader"), "core", core)
                .getfield(core, "log", log)
                .invokeinterface(log, "lastIndex", MethodTypeDesc.ofDescriptor("()J")).lreturn()), NONE);
    }

    @Test
    void anAcknowledgementAtTheProposal() {
        caught(new RaftConsensusProvider(), GroupSimulation::acknowledgeEarly);
    }

    @Test
    void aVoteForACandidateThatIsBehind() {
        caught(mutant("core.RaftCore", "isUpToDate", TRUE), NONE);
    }

    @Test
    void aVoteOfAMemberThatLostItsData() {
        caught(mutant("core.RaftCore", "mayVote", TRUE), NONE);
    }

    @Test
    void aTruncationThatIsLost() {
        caught(mutant("driver.GroupEffects", "truncateFrom", NOTHING), NONE);
    }

    @Test
    void aFollowerThatBelievesInTheLeadersPreviousEntry() {
        caught(mutant("core.Follower", "matchHint", code -> code.aload(1)
                .invokevirtual(ClassDesc.of("jetstream.api.frame.RaftFrame$Append"), "prevIndex",
                        MethodTypeDesc.ofDescriptor("()J"))
                .lreturn()), NONE);
    }

    @Test
    void statesThatNobodyCompares() {
        caught(mutant("driver.StateCheck", "evaluate", NOTHING), Set.of(FaultPlan.Kind.CRASH),
                GroupSimulation::flipStates);
    }

    /** The consensus in which that method of that class (below {@code jetstream.raft}) does something else. */
    private static ConsensusProvider mutant(final String brokenClass, final String method,
            final Consumer<CodeBuilder> body) {
        return (ConsensusProvider) new Mutant("jetstream.raft", "jetstream.raft." + brokenClass, method, body)
                .instance(RaftConsensusProvider.class.getName());
    }

    private static void caught(final ConsensusProvider broken, final Preparation preparation) {
        caught(broken, GroupSimulation.ALL_FAULTS, preparation);
    }

    private static void caught(final ConsensusProvider broken, final Set<FaultPlan.Kind> faults,
            final Preparation preparation) {
        for (int seed = 1; seed <= SEEDS_MAX; seed++) {
            final GroupSimulation run = new GroupSimulation(seed, broken, faults);
            preparation.prepare(run);
            if (!run.run().isEmpty()) {
                System.out.println("caught by seed " + seed + ": " + run.cluster().failures().getFirst());
                return;
            }
        }
        fail("not caught by " + SEEDS_MAX + " seeds");
    }
}

package jetstream.raft;

import jetstream.api.consensus.ConsensusProvider;
import jetstream.testkit.contract.ConsensusContract;
import jetstream.testkit.simulation.SimulatedCluster;

/** The promises of every consensus plug-in, kept by this one, found by its name as the server does. */
class RaftConsensusContractTest extends ConsensusContract {
    @Override
    protected ConsensusProvider provider() {
        return SimulatedCluster.providerNamed("raft");
    }

    @Override
    protected int randomRuns() {
        return 50;                                  // GroupSimulationTest makes many more
    }
}

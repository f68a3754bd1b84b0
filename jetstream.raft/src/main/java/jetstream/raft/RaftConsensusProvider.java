package jetstream.raft;

import jetstream.api.consensus.Consensus;
import jetstream.api.consensus.ConsensusContext;
import jetstream.api.consensus.ConsensusProvider;
import jetstream.raft.driver.RaftDriver;

/** The default consensus: many RAFT groups on one thread. Name {@code raft}; settings as in the module's README. */
public final class RaftConsensusProvider implements ConsensusProvider {
    /** For the ServiceLoader. */
    public RaftConsensusProvider() {
    }

    @Override
    public String name() {
        return "raft";
    }

    @Override
    public Consensus open(final ConsensusContext context) {
        return new RaftDriver(context);
    }
}

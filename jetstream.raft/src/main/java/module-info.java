/** Consensus plug-in: a pure multi-raft core and the driver that performs its effects. */
module jetstream.raft {
    exports jetstream.raft;
    exports jetstream.raft.core;

    requires transitive jetstream.api;

    provides jetstream.api.consensus.ConsensusProvider with jetstream.raft.RaftConsensusProvider;
}

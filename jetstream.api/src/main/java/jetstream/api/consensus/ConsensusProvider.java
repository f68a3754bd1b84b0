package jetstream.api.consensus;

/** Makes a node's consensus. Found with ServiceLoader; chosen by {@link #name()} in the configuration. */
public interface ConsensusProvider {
    /** Lower-case name used in configuration, for instance {@code "raft"}. */
    String name();

    /** Makes the consensus of one node; opens nothing by itself. Calling thread: the owner of the shard. */
    Consensus open(ConsensusContext context);
}

package jetstream.api.consensus;

/**
 * Makes a node's consensus. Found with ServiceLoader; chosen by {@link #name()} in the configuration. Has a public
 * constructor without arguments.
 */
public interface ConsensusProvider {
    /**
     * Lower-case name used in configuration, for instance {@code "raft"}. Two plug-ins of one name are refused.
     *
     * <p>Thread: any. Blocks: no. Errors: none.
     */
    String name();

    /**
     * Makes the consensus of one node; opens nothing by itself.
     *
     * <p>Thread: shard. Blocks: no. Errors: {@link IllegalArgumentException} for a setting that is not known or out of
     * range, naming it and what is allowed.
     */
    Consensus open(ConsensusContext context);
}

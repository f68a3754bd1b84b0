package jetstream.api.consensus;

import java.nio.ByteBuffer;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.store.Store;

/**
 * All groups of a node: one heartbeat per node pair, timers, dispatch. Owner: the shard thread, which calls, in each
 * duty cycle: {@link #onFrame} for what came in, {@link #onForced} for finished forces, {@link #doWork}; then takes the
 * stores' tickets, has them forced, and reports them.
 */
public interface Consensus extends AutoCloseable {
    /** Opens a group: loads ballot, checkpoint (restored into the applier) and history. */
    ConsensusGroup open(GroupConfig config, Applier applier);

    /** A frame of the families {@link jetstream.api.frame.RaftFrame} and {@link jetstream.api.frame.NodeFrame}. */
    void onFrame(NodeId from, Frame frame, ByteBuffer payload, int offset, int length);

    /** The transport's link to that peer came up. */
    void onPeerUp(NodeId peer);

    /** The transport's link to that peer is gone. */
    void onPeerDown(NodeId peer);

    /**
     * Tells which ticket names all that was appended in this duty cycle, so that acknowledgements (append replies,
     * votes, own match index) wait for it. Called after {@link #doWork}, once per store and cycle with new appends.
     */
    void onTicket(Store store, long ticket);

    /** Everything up to that ticket of that store is durable. */
    void onForced(Store store, long ticket);

    /** Timers, heartbeats, retries, commits and applies. Returns the amount of work done. */
    int doWork(long nowNs);

    /** When {@link #doWork} must be called even if nothing happens; monotonic nanoseconds. */
    long nextDeadlineNs();

    /** Closes all groups without deleting anything. Idempotent. */
    @Override
    void close();
}

package jetstream.api.consensus;

import java.nio.ByteBuffer;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.frame.Frame;
import jetstream.api.store.Store;

/**
 * All groups of a node: one heartbeat per node pair, timers, dispatch. The shard thread calls, in each duty cycle:
 * {@link #onFrame} for what came in, {@link #onForced} for finished forces, {@link #doWork}; then takes the stores'
 * tickets, has them forced, and reports them.
 *
 * <p>Trouble of one group, its store's refusals among it, stops that group and never the others: it is not thrown from
 * here. What is durable is the stores' matter; nothing leaves this node that rests on what is not.
 */
public interface Consensus extends AutoCloseable {
    /**
     * Opens a group: loads ballot, checkpoint (restored into the applier) and history.
     *
     * <p>Thread: shard. Blocks: while the store is read. Errors: {@link jetstream.api.store.StoreException}; the group
     * is not open then.
     */
    ConsensusGroup open(GroupConfig config, Applier applier);

    /**
     * A frame of the families {@link jetstream.api.frame.RaftFrame} and {@link jetstream.api.frame.NodeFrame}. One of a
     * group that is not open here is ignored.
     *
     * <p>Thread: shard. Blocks: no force. Buffers: the caller's; what is kept is copied. Errors: none.
     */
    void onFrame(NodeId from, Frame frame, ByteBuffer payload, int offset, int length);

    /**
     * The transport's link to that peer came up.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    void onPeerUp(NodeId peer);

    /**
     * The transport's link to that peer is gone.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    void onPeerDown(NodeId peer);

    /**
     * An operator whose other members are lost for good lets fewer members of a group decide for a while, here. Unsafe:
     * what only the lost ones had is gone, and two halves of a group that are both told so decide both.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     *
     * @param quorum so many voters suffice
     * @param durationNs for how long at the most
     * @return why not; empty if it is so now
     */
    default String rescue(final GroupId group, final int quorum, final long durationNs) {
        return "this consensus can not do that";
    }

    /**
     * Tells which ticket names all that was appended in this duty cycle, so that acknowledgements (append replies,
     * votes, own match index) wait for it. Called after {@link #doWork}, once per store and cycle with new appends.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    void onTicket(Store store, long ticket);

    /**
     * Everything up to that ticket of that store is durable.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    void onForced(Store store, long ticket);

    /**
     * A store found that an entry is damaged: {@link ConsensusGroup#damaged} of the group, if it is open here.
     *
     * <p>Thread: shard, perhaps within {@link Store#doWork}. Blocks: no. Errors: none.
     */
    void onDamage(GroupId group, long index);

    /**
     * Timers, heartbeats, retries, commits and applies. Bounded per call.
     *
     * <p>Thread: shard. Blocks: no force; may read and write stores. Errors: none.
     *
     * @param nowNs monotonic nanoseconds
     * @return amount of work done; 0 lets the caller block until {@link #nextDeadlineNs}
     */
    int doWork(long nowNs);

    /**
     * When {@link #doWork} must be called even if nothing happens; monotonic nanoseconds.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    long nextDeadlineNs();

    /**
     * Closes all groups without deleting anything. Idempotent. The stores and the transport are the caller's.
     *
     * <p>Thread: shard. Blocks: no. Errors: none.
     */
    @Override
    void close();
}

package jetstream.engine.shard;

import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Applier;
import jetstream.api.consensus.Condition;
import jetstream.api.error.ApiFailure;
import jetstream.engine.Outbox;
import jetstream.engine.consumer.ConsumerListener;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.StreamAssignment;

/** What a shard asks of the server around it. All calls come on the shard thread. */
public interface ShardHost {
    /** Where messages of that account leave; the same object for the same account. */
    Outbox outbox(String account);

    /** Whether that node can be reached now. This node always can. */
    boolean isOnline(NodeId node);

    /** This member leads the stream from now on, or does not any more: its subjects are to be subscribed, or not. */
    void onStreamRole(StreamReplica stream, boolean leads);

    /** The stream's configuration changed on this member. */
    void onStreamConfig(StreamReplica stream);

    /** The replica was closed and will not be used again. */
    void onStreamClosed(StreamReplica stream);

    /** This member leads the consumer from now on, or does not any more. */
    void onConsumerRole(ConsumerReplica consumer, boolean leads);

    /** Who is told of that consumer's events; asked once, when its member is opened. */
    ConsumerListener consumerListener(ConsumerAssignment consumer);

    /** The consumer was inactive for so long that it shall be removed; this member leads it. */
    void onConsumerExpired(ConsumerReplica consumer);

    /** The replica was closed and will not be used again. */
    void onConsumerClosed(ConsumerReplica consumer);

    /** This member leads the meta group from now on, or does not any more. */
    void onMetaRole(boolean leads, NodeId leader);

    /** Somebody waits for the answer to a stream that was made or changed; this member leads it. */
    void answerStream(StreamReplica stream, Origin origin, boolean isNew);

    /** Somebody waits for the answer to a consumer that was made or changed; this member leads it. */
    void answerConsumer(ConsumerReplica consumer, Origin origin);

    /** Somebody waits for the answer to a removal or a refusal; asked of the meta leader only. */
    void answerMeta(String account, Origin origin, ApiFailure failure);

    /** An asset was made or removed, as the meta group decided. */
    void onStreamAssigned(StreamAssignment stream, boolean isNew, boolean isGone);

    /** A stream started again without its data: too many of its members had lost it. */
    default void onStreamStartedAnew(final StreamAssignment stream) {
    }

    /** An asset was made or removed, as the meta group decided. */
    void onConsumerAssigned(ConsumerAssignment consumer, boolean isNew, boolean isGone);

    /** The members of a group that this member leads are those that are wanted: the meta leader is to be told. */
    void onSettled(MetaEntries.Settled settled);

    /**
     * This node's member of a group in memory has forgotten everything, and nobody has given it back: the meta leader
     * is to be told, again and again.
     */
    default void onForgotten(final GroupId group) {
    }

    /** A server was removed from the meta group; its members of other groups are to be replaced. */
    void onNodeForgotten(MetaNode gone);

    /** This node leads, or stopped leading, a group: for the other nodes to know. */
    void onLeadership(GroupId group, long term, boolean leads);

    /** An error of ours stopped one group; the server lives. */
    void onGroupFailed(String group, RuntimeException failure);

    /** An atomic batch on a stream that this member leads was dropped, for that reason: timeout, large, ... */
    default void onBatchAbandoned(final StreamReplica stream, final String id, final String reason) {
    }

    /** The data of this member of a stream is in trouble, or out of it (see {@link Applier#onCondition}). */
    default void onStreamCondition(final StreamReplica stream, final Condition condition, final String reason) {
    }

    /** The same of a consumer's member. */
    default void onConsumerCondition(final ConsumerReplica consumer, final Condition condition, final String reason) {
    }

    /** The same of this node's member of the meta group. */
    default void onMetaCondition(final Condition condition, final String reason) {
    }
}

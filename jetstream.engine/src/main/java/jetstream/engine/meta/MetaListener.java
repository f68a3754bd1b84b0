package jetstream.engine.meta;

import java.util.Set;
import jetstream.api.GroupId;
import jetstream.api.error.ApiFailure;

/** Told, on the shard thread, what the meta group decided. {@code existed} is true when history is only replayed. */
public interface MetaListener {
    /** A stream was made, or its configuration or members changed; {@code before} is null if it is new. */
    void onStream(StreamAssignment before, StreamAssignment now, Origin origin, boolean existed);

    /** A stream was removed, after its consumers. */
    void onStreamRemoved(StreamAssignment gone, Origin origin);

    /** A consumer was made, or its configuration or members changed; {@code before} is null if it is new. */
    void onConsumer(ConsumerAssignment before, ConsumerAssignment now, Origin origin, boolean existed);

    /** A consumer was removed. */
    void onConsumerRemoved(ConsumerAssignment gone, Origin origin);

    /** A change was refused when it was applied, since an earlier one was in its way. */
    void onRefused(String account, Origin origin, ApiFailure failure);

    /** A server is known, or was renamed or tagged anew. */
    void onNode(MetaNode node);

    /** A server was removed; who asked for it, if anybody, is of that account. */
    void onNodeForgotten(MetaNode gone, String account, Origin origin);

    /** The state is replaced by an image; groups that are not in it any more were deleted. */
    void onReset(Set<GroupId> groups);
}

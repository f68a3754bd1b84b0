package jetstream.engine.shard;

import java.util.Queue;
import java.util.Set;
import jetstream.api.GroupId;
import jetstream.api.error.ApiFailure;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaListener;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.StreamAssignment;

/**
 * Keeps decisions of the meta group until the shard has time for them, in their order: groups are not opened or closed
 * while an entry of another group is being applied, and ten thousand of them at start-up do not hold up one duty cycle.
 */
final class DecisionQueue implements MetaListener {
    private final MetaListener target;
    private final Queue<Runnable> queue;

    DecisionQueue(final MetaListener target, final Queue<Runnable> queue) {
        this.target = target;
        this.queue = queue;
    }

    @Override
    public void onStream(final StreamAssignment before, final StreamAssignment now, final Origin origin,
            final boolean existed) {
        queue.add(() -> target.onStream(before, now, origin, existed));
    }

    @Override
    public void onStreamRemoved(final StreamAssignment gone, final Origin origin) {
        queue.add(() -> target.onStreamRemoved(gone, origin));
    }

    @Override
    public void onConsumer(final ConsumerAssignment before, final ConsumerAssignment now, final Origin origin,
            final boolean existed) {
        queue.add(() -> target.onConsumer(before, now, origin, existed));
    }

    @Override
    public void onConsumerRemoved(final ConsumerAssignment gone, final Origin origin) {
        queue.add(() -> target.onConsumerRemoved(gone, origin));
    }

    @Override
    public void onRefused(final String account, final Origin origin, final ApiFailure failure) {
        queue.add(() -> target.onRefused(account, origin, failure));
    }

    @Override
    public void onNode(final MetaNode node) {
        queue.add(() -> target.onNode(node));
    }

    @Override
    public void onNodeForgotten(final MetaNode gone, final String account, final Origin origin) {
        queue.add(() -> target.onNodeForgotten(gone, account, origin));
    }

    @Override
    public void onReset(final Set<GroupId> groups) {
        queue.add(() -> target.onReset(groups));
    }
}

package jetstream.simulator.world;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.error.ApiFailure;
import jetstream.engine.Outbox;
import jetstream.engine.consumer.ConsumerListener;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.ShardHost;
import jetstream.engine.shard.StreamReplica;

/** What the server around a shard does, as far as clients see it: answers leave by the wire. */
final class NodeHost implements ShardHost {
    /** Answer to a request that was done. */
    static final String OK = "+OK";

    private final NodeProcess process;
    private final World world;
    private final Outbox outbox;
    private NodeMembers members;

    NodeHost(final NodeProcess process, final World world) {
        this.process = process;
        this.world = world;
        outbox = world.clients().outbox(process.node());
    }

    void members(final NodeMembers of) {
        members = of;
    }

    @Override
    public Outbox outbox(final String account) {
        return outbox;
    }

    @Override
    public boolean isOnline(final NodeId node) {
        return members.isOnline(node);
    }

    @Override
    public void onStreamRole(final StreamReplica stream, final boolean leads) {
        // Clients ask each node whether it leads: a subscription would tell them the same.
    }

    @Override
    public void onStreamConfig(final StreamReplica stream) {
        // See above.
    }

    @Override
    public void onStreamClosed(final StreamReplica stream) {
        // See above.
    }

    @Override
    public void onConsumerRole(final ConsumerReplica consumer, final boolean leads) {
        // See above.
    }

    @Override
    public ConsumerListener consumerListener(final ConsumerAssignment consumer) {
        return ConsumerListener.NONE;
    }

    @Override
    public void onConsumerExpired(final ConsumerReplica consumer) {
        // The workload's consumers are durable.
    }

    @Override
    public void onConsumerClosed(final ConsumerReplica consumer) {
        // See above.
    }

    @Override
    public void onMetaRole(final boolean leads, final NodeId leader) {
        members.onMetaRole();
    }

    @Override
    public void answerStream(final StreamReplica stream, final Origin origin, final boolean isNew) {
        answer(origin, OK);
    }

    @Override
    public void answerConsumer(final ConsumerReplica consumer, final Origin origin) {
        answer(origin, OK);
    }

    @Override
    public void answerMeta(final String account, final Origin origin, final ApiFailure failure) {
        answer(origin, failure == null ? OK : "-" + failure.errCode() + " " + failure.description());
    }

    @Override
    public void onStreamAssigned(final StreamAssignment stream, final boolean isNew, final boolean isGone) {
        world.trace().note(() -> process.node() + (isGone ? " drops stream " : " has stream ") + stream.name()
                + " " + stream.group() + " on " + stream.peers().stream().map(world::node).toList());
    }

    @Override
    public void onConsumerAssigned(final ConsumerAssignment consumer, final boolean isNew, final boolean isGone) {
        // The stream's line says enough.
    }

    @Override
    public void onSettled(final MetaEntries.Settled settled) {
        // The workload moves no streams; a server tells the meta leader here.
    }

    @Override
    public void onNodeForgotten(final MetaNode gone) {
        // The workload removes no servers.
    }

    @Override
    public void onLeadership(final GroupId group, final long term, final boolean leads) {
        world.trace().note(() -> process.node() + (leads ? " leads " : " leads no more ") + group + " term " + term);
    }

    @Override
    public void onGroupFailed(final String group, final RuntimeException failure) {
        world.trace().fail(process.node() + ": group " + group + " failed: " + failure);
    }

    private void answer(final Origin origin, final String text) {
        answer(origin.reply(), text);
    }

    void answer(final String inbox, final String text) {
        final byte[] reply = inbox.getBytes(StandardCharsets.UTF_8);
        final byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        outbox.publish(reply, reply.length, payload, 0, Outbox.EMPTY, 0, 0, ByteBuffer.wrap(payload), 0,
                payload.length);
    }
}

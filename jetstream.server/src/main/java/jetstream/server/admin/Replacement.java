package jetstream.server.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.entry.EntryBatch;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaState;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.StreamAssignment;

/**
 * Finds servers for what removed servers held, and for replicas that are missing since there was no server for them;
 * lets groups start again whose data is gone. Work of the meta leader. It looks at what is there, so that a new leader
 * goes on. Owner: the node thread.
 */
final class Replacement {
    private static final long LOOK_NS = 1_000_000_000L;
    private static final long LOST_NS = 5_000_000_000L;
    private static final int PROPOSALS_MAX = 64;

    private final AdminContext context;
    private final StreamPeers peers;
    private final ForgottenReports forgotten;
    private final Map<GroupId, Long> lostSinceNs = new HashMap<>();
    private long lookedNs = System.nanoTime();
    private int proposals;
    private boolean isAmiss;
    /** As long as the state is that, nothing is missing that anybody could look for; -1 if something is. */
    private long wellSince = -1;

    Replacement(final AdminContext context, final StreamPeers peers, final ForgottenReports forgotten) {
        this.context = context;
        this.peers = peers;
        this.forgotten = forgotten;
    }

    /** Something changed: looks at the next opportunity. */
    void soon() {
        lookedNs = System.nanoTime() - LOOK_NS;
    }

    void tick(final long nowNs) {
        if (nowNs - lookedNs < LOOK_NS || !context.shard().meta().isLeader()) {
            return;
        }
        lookedNs = nowNs;
        final MetaState state = context.shard().meta().state();
        if (forgotten.isEmpty(nowNs) && state.changes() == wellSince) {
            return;
        }
        proposals = 0;
        isAmiss = false;
        for (final String account : state.accounts()) {
            for (final StreamAssignment stream : state.streams(account)) {
                look(state, stream);
                state.consumers(account, stream.name()).forEach(consumer -> look(stream, consumer, nowNs));
            }
        }
        wellSince = isAmiss ? -1 : state.changes();
    }

    private void look(final MetaState state, final StreamAssignment stream) {
        final long known = stream.peers().stream().filter(node -> state.node(node) != null).count();
        if (known >= stream.config().replicas()) {
            if (forgotten.isLost(stream.group(), stream.members())) {
                assign(stream, stream.peers(), true);
            }
            return;
        }
        isAmiss = true;
        final List<NodeId> nodes = peers.refilled(stream);
        if (!nodes.isEmpty() && !stream.members().isTarget(nodes)) {
            // Nobody is left who has its messages: the name goes on, as after the loss of a disk.
            assign(stream, nodes,
                    known == 0 && stream.members().holders().stream().noneMatch(context.isOnline()));
        }
    }

    private void assign(final StreamAssignment stream, final List<NodeId> nodes, final boolean isAnew) {
        propose(batch -> MetaEntries.assignStream(batch, InfoJson.now(), stream.account(), stream.config(),
                new MetaEntries.Change(nodes, stream.revision(), Origin.NOBODY, isAnew)));
    }

    /** A consumer starts again if its stream has, or if all that was known of it is lost. */
    private void look(final StreamAssignment stream, final ConsumerAssignment consumer, final long nowNs) {
        if (!consumer.isOf(stream) || forgotten.isLost(consumer.group(), consumer.members())
                || isLost(consumer, nowNs)) {
            isAmiss = true;
            propose(batch -> MetaEntries.assignConsumer(batch, InfoJson.now(),
                    new MetaEntries.ConsumerKey(consumer.account(), consumer.stream(), consumer.name()),
                    consumer.config(), consumer.memory(),
                    new MetaEntries.Change(consumer.peers(), consumer.revision(), Origin.NOBODY, true)));
        }
    }

    /** A consumer on one server, which is dead and shall not have it any more, starts again where it shall be. */
    private boolean isLost(final ConsumerAssignment consumer, final long nowNs) {
        isAmiss |= consumer.members().isMoving();
        final boolean isAway = consumer.members().isMoving() && consumer.peers().size() == 1
                && consumer.members().leaving().size() == 1
                && !context.isOnline().test(consumer.members().leaving().getFirst())
                && context.leaderOf().apply(consumer.group()) == null;
        if (!isAway) {
            lostSinceNs.remove(consumer.group());
            return false;
        }
        return nowNs - lostSinceNs.computeIfAbsent(consumer.group(), group -> nowNs) >= LOST_NS;
    }

    private void propose(final Consumer<EntryBatch> entry) {
        if (proposals++ < PROPOSALS_MAX) {
            context.shard().meta().propose(entry);
        }
    }
}

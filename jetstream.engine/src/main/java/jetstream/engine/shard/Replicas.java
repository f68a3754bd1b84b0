package jetstream.engine.shard;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Consensus;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Store;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.GroupPeers;
import jetstream.engine.meta.MetaListener;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.StreamAssignment;

/**
 * The members of streams and consumers on this node. Opens and closes them as the meta group decides. Owner: the shard
 * thread.
 *
 * <p>What a group left in the store is deleted when the group was removed, or when a decision that is news says that
 * this node holds it no more. A decision that is only replayed may have been followed by another one that gave the
 * group back: what it concerns is closed, and looked at once the history is over ({@link #sweep}).
 */
final class Replicas implements MetaListener {
    private final Shard shard;
    private final Consensus consensus;
    private final Store durable;
    private final Store volatileStore;
    private final Map<GroupId, StreamReplica> streamsByGroup = new HashMap<>();
    private final Map<String, Map<String, StreamReplica>> streams = new HashMap<>();
    /** Groups that have something in the durable store and are not open. */
    private final Set<GroupId> unclaimed = new HashSet<>();
    private boolean isSweepWanted;
    private long joinedAt;

    Replicas(final Shard shard, final Consensus consensus, final Store durable, final Store volatileStore) {
        this.shard = shard;
        this.consensus = consensus;
        this.durable = durable;
        this.volatileStore = volatileStore;
    }

    /** Looks what is there; groups of assignments up to that meta index may have data that this node lost. */
    void start(final long newJoinedAt) {
        joinedAt = newJoinedAt;
        unclaimed.addAll(durable.groups());
        unclaimed.remove(GroupId.META);
        isSweepWanted = true;
    }

    void joined(final long newJoinedAt) {
        joinedAt = newJoinedAt;
    }

    StreamReplica stream(final String account, final String name) {
        final Map<String, StreamReplica> ofAccount = streams.get(account);
        return ofAccount == null ? null : ofAccount.get(name);
    }

    Collection<StreamReplica> streams() {
        return streamsByGroup.values();
    }

    Collection<StreamReplica> streams(final String account) {
        return streams.getOrDefault(account, Map.of()).values();
    }

    /** Closes all without deleting anything. */
    void close() {
        List.copyOf(streamsByGroup.values()).forEach(stream -> closeStream(stream, false));
    }

    /** Whether {@link #sweep} has something to look at. */
    boolean isSweepWanted() {
        return isSweepWanted;
    }

    /**
     * Deletes what other nodes hold now. Everything that was ever decided about what is here has been applied. Groups
     * that the meta group does not know are left alone.
     */
    void sweep() {
        isSweepWanted = false;
        final ArrayDeque<GroupId> elsewhere = new ArrayDeque<>();
        for (final String account : shard.meta().state().accounts()) {
            for (final StreamAssignment stream : shard.meta().state().streams(account)) {
                noteIfElsewhere(stream.group(), stream.members(), elsewhere);
                shard.meta().state().consumers(account, stream.name())
                        .forEach(consumer -> noteIfElsewhere(consumer.group(), consumer.members(), elsewhere));
            }
        }
        elsewhere.forEach(this::deleteLeftover);
    }

    private void noteIfElsewhere(final GroupId group, final GroupPeers members, final Collection<GroupId> elsewhere) {
        if (unclaimed.contains(group) && !members.holds(shard.settings().node())) {
            elsewhere.add(group);
        }
    }

    private Store store(final GroupId group) {
        return (group.value() & 1) == 1 ? volatileStore : durable;
    }

    // ---- opening

    private void openStream(final StreamAssignment assignment, final Origin origin, final boolean existed) {
        final Store store = store(assignment.group());
        final StreamReplica replica = new StreamReplica(shard, assignment, store.open(assignment.group()));
        if (!existed) {
            replica.firstOrigin(origin);
        }
        streamsByGroup.put(assignment.group(), replica);
        streams.computeIfAbsent(assignment.account(), a -> new HashMap<>()).put(assignment.name(), replica);
        final GroupConfig config = config(assignment.group(),
                assignment.groupName() + " (" + assignment.name() + ")", assignment.members(), existed);
        replica.group(consensus.open(config, replica));
        awaitMemory(config, replica.group());
        if (isPresent(assignment)) {
            for (final ConsumerAssignment consumer : shard.meta().state().consumers(assignment.account(),
                    assignment.name())) {
                if (consumer.members().holds(shard.settings().node()) && consumer.isOf(assignment)) {
                    openConsumer(replica, consumer, Origin.NOBODY, existed);
                }
            }
        }
    }

    /**
     * Whether that incarnation is the one of now. The state is ahead of the decisions that wait: a stream that was
     * deleted and made anew since must not get, and take away with it, the consumers of the new one.
     */
    private boolean isPresent(final StreamAssignment assignment) {
        final StreamAssignment present = shard.meta().state().stream(assignment.account(), assignment.name());
        return present != null && present.group().equals(assignment.group());
    }

    private void openConsumer(final StreamReplica stream, final ConsumerAssignment assignment, final Origin origin,
            final boolean existed) {
        final ConsumerReplica replica = new ConsumerReplica(shard, stream, assignment);
        if (!existed) {
            replica.firstOrigin(origin);
        }
        stream.add(replica);
        final GroupConfig config = config(assignment.group(),
                assignment.groupName() + " (" + assignment.stream() + " > " + assignment.name() + ")",
                assignment.members(), existed);
        replica.group(consensus.open(config, replica));
        awaitMemory(config, replica.group());
    }

    private void awaitMemory(final GroupConfig config, final ConsensusGroup member) {
        if (config.learner() && config.existed() && config.store() == volatileStore) {
            shard.forgotten().add(config.group(), member, shard.nowNs());
        }
    }

    /**
     * A member that may have been here before, or came later than the group, starts as a learner unless its log says
     * more (DESIGN D7). One that is alone has nobody to ask: what it has counts.
     */
    private GroupConfig config(final GroupId group, final String name, final GroupPeers members,
            final boolean existed) {
        unclaimed.remove(group);
        final boolean memory = (group.value() & 1) == 1;
        final boolean isLater =
                members.isAdded(shard.settings().node()) || existed && (memory || group.value() >> 1 <= joinedAt);
        final boolean isLearner = (isLater || mayHaveForgotten(group)) && !members.isLone();
        final List<NodeId> voters = members.isLone() ? members.target() : members.founders();
        return new GroupConfig(group, name, store(group), durable, voters, members.target().getFirst(), isLearner,
                (existed || isLearner) && !members.isLone());
    }

    private boolean mayHaveForgotten(final GroupId group) {
        return store(group).mayHaveForgotten(group) || durable.mayHaveForgotten(group);
    }

    // ---- closing

    /** A node holds the group no more: decided now, or long ago. */
    private void release(final StreamReplica replica, final boolean existed) {
        if (existed) {
            replica.consumers().forEach(consumer -> keep(consumer.assignment().group()));
            keep(replica.assignment().group());
        }
        closeStream(replica, !existed);
    }

    private void keep(final GroupId group) {
        unclaimed.add(group);
        isSweepWanted = true;
    }

    private void closeStream(final StreamReplica replica, final boolean delete) {
        List.copyOf(replica.consumers()).forEach(consumer -> closeConsumer(consumer, delete));
        replica.close();
        final GroupId group = replica.assignment().group();
        streamsByGroup.remove(group);
        streams.get(replica.assignment().account()).remove(replica.assignment().name(), replica);
        shard.forget(replica);
        if (delete) {
            delete(group);
        }
    }

    private void closeConsumer(final ConsumerReplica replica, final boolean delete) {
        replica.close();
        replica.stream().remove(replica);
        if (delete) {
            delete(replica.assignment().group());
        }
    }

    private void deleteLeftover(final GroupId group) {
        if (unclaimed.remove(group)) {
            delete(group);
        }
    }

    private void delete(final GroupId group) {
        store(group).delete(group);
        if (store(group) != durable) {
            durable.delete(group); // its ballots
        }
    }

    // ---- decisions of the meta group

    @Override
    public void onStream(final StreamAssignment before, final StreamAssignment now, final Origin asked,
            final boolean existed) {
        final Origin origin = answered(now.account(), asked, existed);
        final boolean isSame = before != null && before.group().equals(now.group());
        if (before != null && !isSame) {
            remove(before.group());
        }
        final StreamReplica replica = streamsByGroup.get(now.group());
        final boolean isMember = now.members().holds(shard.settings().node());
        if (replica == null && isMember) {
            openStream(now, origin, existed || isSame);
        } else if (replica != null && !isMember) {
            release(replica, existed);
        } else if (replica != null) {
            replica.assign(now, origin, before == null);
        } else if (!existed) {
            deleteLeftover(now.group());
        }
        if (!existed) {
            shard.host().onStreamAssigned(now, before == null, false);
            if (before != null && !isSame) {
                shard.host().onStreamStartedAnew(now);
            }
        }
    }

    /** Who still waits for an answer, once the meta leader has given its own. */
    private Origin answered(final String account, final Origin origin, final boolean existed) {
        if (existed) {
            return Origin.NOBODY;
        }
        if (origin.byMeta()) {
            answer(account, origin, null);
            return Origin.NOBODY;
        }
        return origin;
    }

    /** That incarnation of a stream is gone for good. */
    private void remove(final GroupId group) {
        final StreamReplica replica = streamsByGroup.get(group);
        if (replica != null) {
            closeStream(replica, true);
        } else {
            deleteLeftover(group);
        }
    }

    @Override
    public void onStreamRemoved(final StreamAssignment gone, final Origin origin) {
        remove(gone.group());
        shard.host().onStreamAssigned(gone, false, true);
        answer(gone.account(), origin, null);
    }

    @Override
    public void onConsumer(final ConsumerAssignment before, final ConsumerAssignment now, final Origin asked,
            final boolean existed) {
        final Origin origin = answered(now.account(), asked, existed);
        final boolean isSame = before != null && before.group().equals(now.group());
        if (before != null && !isSame) {
            remove(before);
        }
        final StreamReplica stream = stream(now.account(), now.stream());
        final boolean isMember = now.members().holds(shard.settings().node());
        final ConsumerReplica replica = stream == null ? null : stream.consumer(now.name());
        if (replica != null && !replica.assignment().group().equals(now.group())) {
            return; // opened from the state, which is ahead: this incarnation is gone already
        }
        if (stream != null && !now.isOf(stream.assignment())) {
            return; // of the stream's former incarnation: it starts again by a decision of its own
        }
        if (stream != null && replica == null && isMember) {
            openConsumer(stream, now, origin, existed || isSame);
        } else if (replica != null && !isMember) {
            if (existed) {
                keep(now.group());
            }
            closeConsumer(replica, !existed);
        } else if (replica != null) {
            replica.assign(now, origin);
        } else if (!existed) {
            deleteLeftover(now.group());
        }
        if (!existed) {
            shard.host().onConsumerAssigned(now, before == null, false);
        }
    }

    /** That incarnation of a consumer is gone for good. */
    private void remove(final ConsumerAssignment gone) {
        final StreamReplica stream = stream(gone.account(), gone.stream());
        final ConsumerReplica replica = stream == null ? null : stream.consumer(gone.name());
        if (replica != null && replica.assignment().group().equals(gone.group())) {
            replica.onDeleted();
            closeConsumer(replica, true);
        } else {
            deleteLeftover(gone.group());
        }
    }

    @Override
    public void onConsumerRemoved(final ConsumerAssignment gone, final Origin origin) {
        remove(gone);
        shard.host().onConsumerAssigned(gone, false, true);
        answer(gone.account(), origin, null);
    }

    @Override
    public void onRefused(final String account, final Origin origin, final ApiFailure failure) {
        answer(account, origin, failure);
    }

    private void answer(final String account, final Origin origin, final ApiFailure failure) {
        if (origin.waits() && shard.meta().isLeader()) {
            shard.host().answerMeta(account, origin, failure);
        }
    }

    @Override
    public void onNode(final MetaNode node) {
        // Known from the state when it is needed.
    }

    @Override
    public void onNodeForgotten(final MetaNode gone, final String account, final Origin origin) {
        shard.host().onNodeForgotten(gone);
        answer(account, origin, null);
    }

    @Override
    public void onReset(final Set<GroupId> groups) {
        for (final StreamReplica replica : List.copyOf(streamsByGroup.values())) {
            final boolean isGone = !groups.contains(replica.assignment().group());
            for (final ConsumerReplica consumer : List.copyOf(replica.consumers())) {
                if (isGone || !groups.contains(consumer.assignment().group())) {
                    closeConsumer(consumer, true);
                }
            }
            if (isGone) {
                closeStream(replica, true);
            }
        }
    }
}

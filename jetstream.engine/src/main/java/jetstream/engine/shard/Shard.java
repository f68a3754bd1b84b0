package jetstream.engine.shard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Consensus;
import jetstream.api.consensus.GroupConfig;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Store;
import jetstream.engine.consumer.ConsumerBuffers;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaListener;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.StreamAssignment;

/**
 * All groups of this node: the member of the meta group, and the members of streams and consumers that it assigned
 * here. Opens and closes them as the meta group decides, collects what they propose, and drives consumers. Stepped by
 * its owner once per duty cycle ({@link #beforeConsensus}, then the consensus' own work, then {@link #afterConsensus}).
 */
public final class Shard {
    /** Time between two looks at what is only sometimes due: expiry, inactivity. Nanoseconds. */
    public static final long SLOW_TICK_NS = 100_000_000L;

    static final byte[] NO_BYTES = new byte[0];
    private static final int ROUNDS_MAX = 4;
    private static final int DECISIONS_MAX = 64;

    private final ShardSettings settings;
    private final ShardHost host;
    private final Consensus consensus;
    private final Store durable;
    private final Store volatileStore;
    private final MetaReplica meta;
    private final ArrayDeque<Runnable> decisions = new ArrayDeque<>();
    private final ConsumerBuffers consumerBuffers = new ConsumerBuffers();
    private final BatchPool batches = new BatchPool();
    private final Map<GroupId, StreamReplica> streamsByGroup = new HashMap<>();
    private final Map<String, Map<String, StreamReplica>> streams = new HashMap<>();
    private final List<StreamReplica> led = new ArrayList<>();
    private final ArrayDeque<StreamReplica> proposing = new ArrayDeque<>();
    private final ArrayDeque<ConsumerReplica> ready = new ArrayDeque<>();
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private byte[] subjectScratch = new byte[4096];
    private long joinedAt;
    private long nowNs;
    private long nowEpochNs;
    private long slowTickNs;
    private boolean durableIsLow;
    private boolean volatileIsLow;

    /** A shard over these stores; opens nothing by itself. */
    public Shard(final ShardSettings settings, final ShardHost host, final Consensus consensus, final Store durable,
            final Store volatileStore) {
        this.settings = settings;
        this.host = host;
        this.consensus = consensus;
        this.durable = durable;
        this.volatileStore = volatileStore;
        meta = new MetaReplica(this, new DecisionQueue(new Assignments(), decisions));
    }

    /**
     * Opens the member of the meta group.
     *
     * @param voters first members of a new cluster; empty if the log knows them or a leader will tell
     * @param existed this node was a member before this process
     * @param learner this node joins, or comes back without its data (DESIGN D7)
     * @param newJoinedAt groups of assignments up to this meta index may have data that this node lost; 0 if none
     */
    public void openMeta(final List<NodeId> voters, final boolean existed, final boolean learner,
            final long newJoinedAt) {
        joinedAt = newJoinedAt;
        if (learner) {
            meta.joining();
        }
        final NodeId preferred = voters.isEmpty() ? null : voters.getFirst();
        meta.group(consensus.open(new GroupConfig(GroupId.META, "meta", durable, durable, voters, preferred, learner,
                (existed || learner) && voters.size() != 1), meta));
    }

    /** This node has caught up: groups of later assignments are complete here from their first entry. */
    public void joined(final long newJoinedAt) {
        joinedAt = newJoinedAt;
    }

    /** This node's member of the meta group. */
    public MetaReplica meta() {
        return meta;
    }

    /** A stream with a member on this node; null if there is none. */
    public StreamReplica stream(final String account, final String name) {
        final Map<String, StreamReplica> ofAccount = streams.get(account);
        return ofAccount == null ? null : ofAccount.get(name);
    }

    /** All streams with members on this node. */
    public Collection<StreamReplica> streams() {
        return streamsByGroup.values();
    }

    /** Streams of an account with members on this node. */
    public Collection<StreamReplica> streams(final String account) {
        return streams.getOrDefault(account, Map.of()).values();
    }

    /** Whether every decision of the meta group that was applied here has been acted upon. */
    public boolean isSettled() {
        return decisions.isEmpty();
    }

    /** What it was set up with. */
    public ShardSettings settings() {
        return settings;
    }

    ShardHost host() {
        return host;
    }

    ConsumerBuffers consumerBuffers() {
        return consumerBuffers;
    }

    BatchPool batches() {
        return batches;
    }

    long nowEpochNs() {
        return nowEpochNs;
    }

    long nowNs() {
        return nowNs;
    }

    /** Whether the store of that group has no room for clients' messages, as of the last slow tick. */
    boolean isLowOnRoom(final GroupId group) {
        return (group.value() & 1) == 1 ? volatileIsLow : durableIsLow;
    }

    byte[] subjectScratch(final int length) {
        if (subjectScratch.length < length) {
            subjectScratch = new byte[length];
        }
        return subjectScratch;
    }

    void markProposing(final StreamReplica stream) {
        proposing.add(stream);
    }

    void leads(final StreamReplica stream) {
        led.add(stream);
    }

    void markReady(final ConsumerReplica consumer) {
        ready.add(consumer);
    }

    void deadline(final long deadlineNs, final ConsumerReplica consumer) {
        deadlines.add(deadlineNs, consumer);
    }

    /** Sets the time of this duty cycle; before anything else in it. */
    public void time(final long monotonicNs, final long epochNs) {
        nowNs = monotonicNs;
        nowEpochNs = epochNs;
    }

    /** Proposes what came in. Returns the amount of work done. */
    public int beforeConsensus() {
        int work = 0;
        // Asked each time, it costs two reads: what one duty cycle brings must not use up what is kept for deletes.
        volatileIsLow = volatileStore.usage().publishRoomBytes() == 0;
        for (int i = proposing.size(); i > 0; i--) {
            proposing.poll().propose();
            work++;
        }
        return work;
    }

    /** Dead messages are held as history until a checkpoint lets it go: in a store without room that is now. */
    private void makeRoom() {
        if (!durableIsLow && !volatileIsLow) {
            return;
        }
        for (final StreamReplica stream : streamsByGroup.values()) {
            if (isLowOnRoom(stream.assignment().group())) {
                stream.group().checkpoint();
            }
        }
    }

    /** Delivers, and proposes what deliveries and timers bring. Returns the amount of work done. */
    public int afterConsensus() {
        int decided = 0;
        for (; decided < DECISIONS_MAX && !decisions.isEmpty(); decided++) {
            decisions.poll().run();
        }
        while (deadlines.nextNs() - nowNs <= 0) {
            deadlines.poll().onDeadline();
        }
        int work = decided;
        for (int round = 0; round < ROUNDS_MAX && !ready.isEmpty(); round++) {
            for (int i = ready.size(); i > 0; i--) {
                work += ready.poll().work();
            }
        }
        if (nowNs - slowTickNs >= SLOW_TICK_NS) {
            slowTickNs = nowNs;
            durableIsLow = durable.usage().publishRoomBytes() == 0;
            volatileIsLow = volatileStore.usage().publishRoomBytes() == 0;
            makeRoom();
            led.removeIf(stream -> !stream.isLeader());
            for (int i = 0; i < led.size(); i++) {
                led.get(i).tick(nowNs, nowEpochNs);
            }
        }
        work += beforeConsensus();
        return work + ready.size();
    }

    /** When {@link #afterConsensus} must be called even if nothing happens; monotonic nanoseconds. */
    public long nextDeadlineNs() {
        final long timed = led.isEmpty() ? Long.MAX_VALUE : slowTickNs + SLOW_TICK_NS;
        final long consumers = deadlines.nextNs();
        return !ready.isEmpty() || !proposing.isEmpty() || !decisions.isEmpty() ? nowNs : Math.min(timed, consumers);
    }

    /** Closes all replicas without deleting anything. */
    public void close() {
        for (final StreamReplica stream : List.copyOf(streamsByGroup.values())) {
            List.copyOf(stream.consumers()).forEach(ConsumerReplica::close);
            stream.close();
        }
        streamsByGroup.clear();
        streams.clear();
    }

    private Store store(final GroupId group) {
        return (group.value() & 1) == 1 ? volatileStore : durable;
    }

    private void openStream(final StreamAssignment assignment, final Origin origin, final boolean existed) {
        final Store store = store(assignment.group());
        final StreamReplica replica = new StreamReplica(this, assignment, store.open(assignment.group()));
        if (!existed) {
            replica.firstOrigin(origin);
        }
        streamsByGroup.put(assignment.group(), replica);
        streams.computeIfAbsent(assignment.account(), a -> new HashMap<>()).put(assignment.name(), replica);
        replica.group(consensus.open(config(assignment.group(), assignment.groupName() + " (" + assignment.name() + ")",
                assignment.peers(), existed), replica));
        if (isPresent(assignment)) {
            for (final ConsumerAssignment consumer : meta.state().consumers(assignment.account(), assignment.name())) {
                if (consumer.peers().contains(settings.node())) {
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
        final StreamAssignment present = meta.state().stream(assignment.account(), assignment.name());
        return present != null && present.group().equals(assignment.group());
    }

    private void openConsumer(final StreamReplica stream, final ConsumerAssignment assignment, final Origin origin,
            final boolean existed) {
        final ConsumerReplica replica = new ConsumerReplica(this, stream, assignment);
        if (!existed) {
            replica.firstOrigin(origin);
        }
        stream.add(replica);
        replica.group(consensus.open(config(assignment.group(),
                assignment.groupName() + " (" + assignment.stream() + " > " + assignment.name() + ")",
                assignment.peers(), existed), replica));
    }

    private GroupConfig config(final GroupId group, final String name, final List<NodeId> peers,
            final boolean existed) {
        final boolean memory = (group.value() & 1) == 1;
        final boolean learner = existed && peers.size() > 1 && (memory || group.value() >> 1 <= joinedAt);
        return new GroupConfig(group, name, store(group), durable, peers, peers.getFirst(), learner,
                existed && peers.size() > 1); // a group of one needs nobody's vote
    }

    private void closeStream(final StreamReplica replica, final boolean delete) {
        List.copyOf(replica.consumers()).forEach(consumer -> closeConsumer(consumer, delete));
        replica.close();
        final GroupId group = replica.assignment().group();
        streamsByGroup.remove(group);
        streams.get(replica.assignment().account()).remove(replica.assignment().name());
        led.remove(replica);
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

    private void delete(final GroupId group) {
        store(group).delete(group);
        if (store(group) != durable) {
            durable.delete(group); // its ballots
        }
    }

    /** Follows the decisions of the meta group. */
    private final class Assignments implements MetaListener {
        @Override
        public void onStream(final StreamAssignment before, final StreamAssignment now, final Origin origin,
                final boolean existed) {
            final StreamReplica replica = streamsByGroup.get(now.group());
            final boolean isMember = now.peers().contains(settings.node());
            if (replica == null && isMember) {
                openStream(now, origin, existed || before != null);
            } else if (replica != null && !isMember) {
                closeStream(replica, true);
            } else if (replica != null) {
                replica.assign(now, existed ? Origin.NOBODY : origin, before == null);
            }
            if (!existed) {
                host.onStreamAssigned(now, before == null, false);
            }
        }

        @Override
        public void onStreamRemoved(final StreamAssignment gone, final Origin origin) {
            final StreamReplica replica = streamsByGroup.get(gone.group());
            if (replica != null) {
                closeStream(replica, true);
            }
            host.onStreamAssigned(gone, false, true);
            answer(gone.account(), origin, null);
        }

        @Override
        public void onConsumer(final ConsumerAssignment before, final ConsumerAssignment now, final Origin origin,
                final boolean existed) {
            final StreamReplica stream = stream(now.account(), now.stream());
            final boolean isMember = now.peers().contains(settings.node());
            final ConsumerReplica replica = stream == null ? null : stream.consumer(now.name());
            if (replica != null && !replica.assignment().group().equals(now.group())) {
                return; // opened from the state, which is ahead: this incarnation is gone already
            }
            if (stream != null && replica == null && isMember) {
                openConsumer(stream, now, origin, existed || before != null);
            } else if (replica != null && !isMember) {
                closeConsumer(replica, true);
            } else if (replica != null) {
                replica.assign(now, existed ? Origin.NOBODY : origin);
            }
            if (!existed) {
                host.onConsumerAssigned(now, before == null, false);
            }
        }

        @Override
        public void onConsumerRemoved(final ConsumerAssignment gone, final Origin origin) {
            final StreamReplica stream = stream(gone.account(), gone.stream());
            final ConsumerReplica replica = stream == null ? null : stream.consumer(gone.name());
            if (replica != null && replica.assignment().group().equals(gone.group())) {
                replica.onDeleted();
                closeConsumer(replica, true);
            } else {
                delete(gone.group());
            }
            host.onConsumerAssigned(gone, false, true);
            answer(gone.account(), origin, null);
        }

        @Override
        public void onRefused(final String account, final Origin origin, final ApiFailure failure) {
            answer(account, origin, failure);
        }

        private void answer(final String account, final Origin origin, final ApiFailure failure) {
            if (origin.waits() && meta.isLeader()) {
                host.answerMeta(account, origin, failure);
            }
        }

        @Override
        public void onNode(final MetaNode node) {
            // Known from the state when it is needed.
        }

        @Override
        public void onNodeForgotten(final NodeId node) {
            // Placement asks the state.
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
}

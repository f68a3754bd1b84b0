package jetstream.simulator.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jetstream.engine.shard.StreamReplica;

/**
 * What clients did to one incarnation of a stream, and what they were told. A stream that is made anew under its name
 * has other subjects, so that its messages can be told from those of the one before.
 */
public final class StreamHistory {
    /**
     * Removes messages by a client's order; {@code answeredNs} is {@code Long.MAX_VALUE} until it is known to be
     * done.
     */
    public static final class Removal {
        private final long invokedNs;
        private final long seq;
        private final long below;
        private final long keep;
        private long answeredNs = Long.MAX_VALUE;

        Removal(final long invokedNs, final long seq, final long below, final long keep) {
            this.invokedNs = invokedNs;
            this.seq = seq;
            this.below = below;
            this.keep = keep;
        }

        /** Whether it can have removed that message, which was sent then. */
        public boolean mayCover(final long messageSeq) {
            return seq > 0 ? seq == messageSeq : below == 0 || messageSeq < below;
        }

        /** Whether it must have removed that message, of which the client knew at that time. */
        public boolean mustCover(final long messageSeq, final long knownNs) {
            return answeredNs != Long.MAX_VALUE && keep == 0 && knownNs < invokedNs
                    && (seq > 0 ? seq == messageSeq : below == 0 || messageSeq < below);
        }

        void answered(final long nowNs) {
            answeredNs = nowNs;
        }

        long seq() {
            return seq;
        }

        long below() {
            return below;
        }

        long keep() {
            return keep;
        }
    }

    private final String name;
    private final StreamKind kind;
    private final int replicas;
    private final String prefix;
    private final List<Publish> publishes = new ArrayList<>();
    private final Map<Long, Publish> byId = new HashMap<>();
    private final List<Removal> removals = new ArrayList<>();
    private final ConsumerHistory consumer;
    private boolean isCreated;
    private boolean isDeleteAsked;
    private long probedNs = Long.MAX_VALUE;

    StreamHistory(final String name, final StreamKind kind, final int replicas, final int incarnation,
            final int deliveriesMax) {
        this.name = name;
        this.kind = kind;
        this.replicas = replicas;
        prefix = name.toLowerCase(Locale.ROOT) + "." + incarnation + ".";
        consumer = kind == StreamKind.KEYS ? null : new ConsumerHistory("C" + incarnation, deliveriesMax);
    }

    /** Stream name. */
    public String name() {
        return name;
    }

    /** What it is for. */
    public StreamKind kind() {
        return kind;
    }

    /** Number of replicas. */
    public int replicas() {
        return replicas;
    }

    /** What all its subjects start with, a dot at the end. */
    public String prefix() {
        return prefix;
    }

    /** Its consumer; null if it has none. */
    public ConsumerHistory consumer() {
        return consumer;
    }

    /** All messages that were sent to it. */
    public List<Publish> publishes() {
        return publishes;
    }

    /** A message that was sent to it; null if it was not. */
    public Publish publish(final long id) {
        return byId.get(id);
    }

    /** Orders to remove messages. */
    public List<Removal> removals() {
        return removals;
    }

    /** Whether its creation was answered and nobody asked for its end. */
    public boolean isAlive() {
        return isCreated && !isDeleteAsked;
    }

    /** Whether somebody asked for its end. */
    public boolean isDeleteAsked() {
        return isDeleteAsked;
    }

    /** When a message sent after the faults was acknowledged; {@code Long.MAX_VALUE} if none was yet. */
    public long probedNs() {
        return probedNs;
    }

    /** Whether a replica is one of this incarnation. */
    public boolean isOf(final StreamReplica replica) {
        return replica.assignment().config().subjects().getFirst().startsWith(prefix);
    }

    void created() {
        isCreated = true;
    }

    boolean isCreated() {
        return isCreated;
    }

    void deleteAsked() {
        isDeleteAsked = true;
    }

    void probed(final long nowNs) {
        probedNs = Math.min(probedNs, nowNs);
    }

    void add(final Publish publish) {
        publishes.add(publish);
        byId.put(publish.id(), publish);
    }

    @Override
    public String toString() {
        return kind + " " + name + " (" + prefix + ")";
    }
}

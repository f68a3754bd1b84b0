package jetstream.engine.meta;

import java.util.Collection;
import java.util.TreeMap;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;

/** The streams of one account, and what is asked so often about all of them that it is kept. Owner: shard thread. */
final class AccountStreams {
    private final TreeMap<String, Stream> byName = new TreeMap<>();
    private final SubjectClaims subjects = new SubjectClaims();
    private final long[] reserved = new long[2];

    /** A stream and its consumers by name. */
    static final class Stream {
        private StreamAssignment assignment;
        private final TreeMap<String, ConsumerAssignment> consumers = new TreeMap<>();

        Stream(final StreamAssignment assignment) {
            this.assignment = assignment;
        }

        StreamAssignment assignment() {
            return assignment;
        }

        TreeMap<String, ConsumerAssignment> consumers() {
            return consumers;
        }
    }

    Stream find(final String name) {
        return byName.get(name);
    }

    /** All of them, by name. */
    Collection<Stream> all() {
        return byName.values();
    }

    /** Sets a stream; returns what was there before, or null. */
    StreamAssignment put(final StreamAssignment now) {
        final Stream stream = byName.get(now.name());
        if (stream == null) {
            byName.put(now.name(), new Stream(now));
            count(now.config(), 1);
            return null;
        }
        final StreamAssignment before = stream.assignment;
        stream.assignment = now;
        if (!before.config().equals(now.config())) {
            count(before.config(), -1);
            count(now.config(), 1);
        }
        return before;
    }

    /** Takes a stream out. */
    Stream remove(final String name) {
        final Stream gone = byName.remove(name);
        count(gone.assignment.config(), -1);
        return gone;
    }

    private void count(final StreamConfig config, final int sign) {
        if (sign > 0) {
            subjects.add(config.name(), config.subjects());
        } else {
            subjects.remove(config.name(), config.subjects());
        }
        reserved[config.storage().ordinal()] += sign * config.reservedBytes();
    }

    /** What all of them may take of that storage by their configured limits, all replicas together. */
    long reservedBytes(final Storage storage) {
        return reserved[storage.ordinal()];
    }

    /** Whether another stream listens on what a stream of that configuration would listen on. */
    boolean overlaps(final StreamConfig config) {
        return subjects.overlaps(config.name(), config.subjects());
    }
}

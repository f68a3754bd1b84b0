package jetstream.engine.stream;

import jetstream.api.store.GroupLog;

/**
 * Everything a stream holds: its messages and their times to live. The one place where messages leave, so that whoever
 * must know is told. Owner: the shard thread.
 */
final class StreamContents {
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private final StoredMessages messages;
    private final MessageExpiry expiry = new MessageExpiry();
    private final CounterGuard counters = new CounterGuard();
    private final StreamListener listener;
    private long hash;

    StreamContents(final GroupLog log, final StreamListener listener) {
        messages = new StoredMessages(log);
        this.listener = listener;
    }

    StoredMessages messages() {
        return messages;
    }

    MessageExpiry expiry() {
        return expiry;
    }

    CounterGuard counters() {
        return counters;
    }

    StreamListener listener() {
        return listener;
    }

    /** Takes a live message out. */
    void remove(final long seq, final RemovalReason reason) {
        expiry.remove(seq);
        counters.onRemoved(seq);
        messages.remove(seq);
        mix(seq);
        listener.onRemoved(seq, reason);
    }

    /** Takes all messages below that sequence out; returns how many they were. */
    long removeBelow(final long seq, final RemovalReason reason) {
        expiry.removeBelow(seq);
        counters.onRemovedBelow(seq);
        final long count = messages.removeBelow(seq);
        mix(seq ^ count);
        if (count > 0) {
            listener.onRemovedBelow(seq, reason);
        }
        return count;
    }

    /** Lets a number that was decided in apply take part in the state's hash. */
    void mix(final long value) {
        hash = mixed(hash, value);
    }

    static long mixed(final long hash, final long value) {
        final long mixed = (hash ^ value) * PRIME;
        return mixed ^ mixed >>> 32;
    }

    long hash() {
        return hash;
    }

    void write(final ImageWriter out) {
        out.fixed(hash);
        messages.write(out);
        expiry.write(out);
        counters.write(out);
    }

    void read(final ImageReader in, final long throughIndex) {
        hash = in.fixed();
        messages.read(in, throughIndex);
        expiry.read(in);
        counters.read(in);
    }
}

package jetstream.engine.stream;

import jetstream.api.entry.EntryView;

/**
 * Sees to it that a total is stored only on top of the one that it was computed from. The leader computes totals before
 * it proposes, also on top of messages that are still in flight; the entry says what it counted on: a sequence, or the
 * payload of the message before. Of the last message of each subject the payload's hash is known here (ADR 0063). Part
 * of the state but for the two numbers that only the leader asks for. Owner: the shard thread.
 */
final class CounterGuard {
    private final SequenceTable hashes = new SequenceTable();
    private long applied;
    private long breaks;

    /**
     * Whether the entry counted on what is there; {@code last} is the last sequence of its subject, 0 if there is none.
     */
    boolean holds(final EntryView entry, final long last) {
        final long seq = PublishLayout.countedOnSeq(entry);
        return seq >= 0 ? seq == last : last != 0 && hashes.get(last) == PublishLayout.countedOnHash(entry);
    }

    void onStored(final MessageView message, final long seq, final long before) {
        hashes.remove(before);
        hashes.put(seq, CounterValue.hash(message.buffer(), message.payloadOffset(), message.payloadLength()));
    }

    void onRemoved(final long seq) {
        breaks += hashes.remove(seq) ? 1 : 0;
    }

    void onRemovedBelow(final long seq) {
        breaks += hashes.removeBelow(seq) ? 1 : 0;
    }

    /**
     * A counter entry was applied, and what came after it in flight may count on it or, if it was not stored, may not.
     */
    void onApplied(final boolean stored) {
        applied++;
        breaks += stored ? 0 : 1;
    }

    /** How many counter entries were applied by this member. */
    long applied() {
        return applied;
    }

    /** How often something happened that messages in flight may not have counted on. */
    long breaks() {
        return breaks;
    }

    void write(final ImageWriter out) {
        hashes.write(out);
    }

    void read(final ImageReader in) {
        hashes.read(in);
        breaks++;
    }
}

package jetstream.engine.consumer;

import jetstream.engine.Outbox;

/**
 * Answers to acks that wait until their entry is applied, in order. Slots and their bytes are reused. Owner: the shard
 * thread.
 */
final class AckReplies {
    private static final byte[] NONE = {};

    private final Outbox outbox;
    private byte[][] subjects = new byte[4][];
    private int[] lengths = new int[4];
    private long[] ordinals = new long[4];
    private long head;
    private long tail;

    AckReplies(final Outbox outbox) {
        this.outbox = outbox;
    }

    /** Answers at once. */
    void send(final byte[] subject, final int length) {
        outbox.publish(subject, length, NONE, 0, Outbox.EMPTY, 0, 0, Outbox.EMPTY, 0, 0);
    }

    /** Answers when the entry with that ordinal is applied. */
    void add(final byte[] subject, final int length, final long ordinal) {
        if (tail - head == subjects.length) {
            grow();
        }
        final int slot = (int) tail++ & subjects.length - 1;
        if (subjects[slot] == null || subjects[slot].length < length) {
            subjects[slot] = new byte[Math.max(64, length)];
        }
        System.arraycopy(subject, 0, subjects[slot], 0, length);
        lengths[slot] = length;
        ordinals[slot] = ordinal;
    }

    /** Sends the answers of all entries up to that ordinal. */
    void sendUpTo(final long ordinal) {
        while (head < tail) {
            final int slot = (int) head & subjects.length - 1;
            if (ordinals[slot] > ordinal) {
                return;
            }
            send(subjects[slot], lengths[slot]);
            head++;
        }
    }

    private void grow() {
        final int capacity = subjects.length;
        final byte[][] newSubjects = new byte[capacity * 2][];
        final int[] newLengths = new int[capacity * 2];
        final long[] newOrdinals = new long[capacity * 2];
        for (int i = 0; i < capacity; i++) {
            final int slot = (int) (head + i) & capacity - 1;
            newSubjects[i] = subjects[slot];
            newLengths[i] = lengths[slot];
            newOrdinals[i] = ordinals[slot];
        }
        subjects = newSubjects;
        lengths = newLengths;
        ordinals = newOrdinals;
        head = 0;
        tail = capacity;
    }
}

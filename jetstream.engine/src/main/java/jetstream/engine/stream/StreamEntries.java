package jetstream.engine.stream;

import java.nio.ByteBuffer;
import jetstream.api.Invariant;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryType;

/**
 * The entries of a stream's group and how they are written into a batch. Bodies, little endian:
 *
 * <pre>
 *   PUBLISH         see PublishLayout
 *   DELETE_MESSAGE  long seq · byte erase
 *   PURGE           long seq (0: all; else up to but excluding) · long keep · subject filter (the rest; empty: all)
 *   TIME            empty: the entry's time stamp is the time
 *   CONFIG          the configuration as the meta layer writes it; opaque here
 *   REMOVE          pairs of longs: first and last sequence (inclusive), ascending
 * </pre>
 *
 * Callers: the leader's shard thread.
 */
public final class StreamEntries {
    /** A message. */
    public static final byte PUBLISH = EntryType.APPLICATION;
    /** Delete one message by its sequence, as a client asked. */
    public static final byte DELETE_MESSAGE = EntryType.APPLICATION + 1;
    /** Delete many messages, as a client asked. */
    public static final byte PURGE = EntryType.APPLICATION + 2;
    /** Time has come this far: what is too old goes. */
    public static final byte TIME = EntryType.APPLICATION + 3;
    /** The configuration from here on. */
    public static final byte CONFIG = EntryType.APPLICATION + 4;
    /** Messages that nobody needs any more (interest and work-queue retention). */
    public static final byte REMOVE = EntryType.APPLICATION + 5;

    static final int PURGE_FIXED_LENGTH = 2 * Long.BYTES;
    static final int DELETE_LENGTH = Long.BYTES + 1;

    private StreamEntries() {
    }

    /** Appends a message. Allocation-free. {@code flags} of {@link PublishLayout}, without IF_LAST. */
    public static void publish(final EntryBatch batch, final long nowEpochNs, final byte flags,
            final PublishDraft draft) {
        Invariant.check(PublishLayout.prefixLength(flags) == 0, "flag without what it stands for", flags);
        final byte all = draft.isCounter() ? (byte) (flags | PublishLayout.COUNTER) : flags;
        write(batch, nowEpochNs, all, draft.countsOnSeq(), draft.countsOnHash(), draft);
    }

    /**
     * Appends a message of a mirror's origin; it keeps sequence and time stamp, and is left out if the mirror has it.
     */
    public static void copy(final EntryBatch batch, final long nowEpochNs, final long originSeq,
            final long originEpochNs,
            final PublishDraft draft) {
        Invariant.check(originSeq > 0, "copy of a message without a sequence", originSeq);
        write(batch, nowEpochNs, (byte) (PublishLayout.COPY | PublishLayout.TRUSTED), originSeq, originEpochNs, draft);
    }

    /**
     * Appends a message that is stored only if {@code lastSeq} is then the last sequence of its subject (0: it has
     * none); otherwise it is refused.
     */
    public static void publishIfLast(final EntryBatch batch, final long nowEpochNs, final byte flags,
            final long lastSeq,
            final PublishDraft draft) {
        Invariant.check(lastSeq >= 0, "condition on a negative sequence", lastSeq);
        write(batch, nowEpochNs, (byte) (flags | PublishLayout.IF_LAST), lastSeq, 0, draft);
    }

    /**
     * Appends a message of an atomic batch. All of the batch go into the same proposal, one behind the other.
     *
     * @param position its place, from 1
     * @param count messages of the batch
     */
    public static void batched(final EntryBatch batch, final long nowEpochNs, final byte flags, final long position,
            final long count, final PublishDraft draft) {
        Invariant.check(position >= 1 && position <= count, "place in a batch", position, count);
        write(batch, nowEpochNs, (byte) (flags | PublishLayout.BATCH), position, count, draft);
    }

    private static void write(final EntryBatch batch, final long nowEpochNs, final byte flags, final long first,
            final long second, final PublishDraft draft) {
        final int prefix = PublishLayout.prefixLength(flags);
        final int length = prefix
                + PublishLayout.bodyLength(draft.subjectLength(), draft.headersLength(), draft.payloadLength());
        Invariant.check(draft.subjectLength() > 0 && draft.subjectLength() <= 0xffff, "subject length",
                draft.subjectLength());
        final int body = batch.begin(PUBLISH, flags, nowEpochNs, length);
        final ByteBuffer buffer = batch.buffer();
        if (prefix > 0) {
            buffer.putLong(body, first);
        }
        if (prefix > Long.BYTES) {
            buffer.putLong(body + Long.BYTES, second);
        }
        int at = body + prefix;
        buffer.putShort(at, (short) draft.subjectLength());
        buffer.putInt(at + 2, draft.headersLength());
        at += PublishLayout.FIXED_LENGTH;
        buffer.put(at, draft.subject(), 0, draft.subjectLength());
        at += draft.subjectLength();
        buffer.put(at, draft.headers(), draft.headersOffset(), draft.headersLength());
        at += draft.headersLength();
        buffer.put(at, draft.payload(), draft.payloadOffset(), draft.payloadLength());
        batch.end(length);
    }

    /** Appends the deletion of one message; {@code erase}: its bytes shall be overwritten. */
    public static void deleteMessage(final EntryBatch batch, final long nowEpochNs, final long seq,
            final boolean erase) {
        final int body = batch.begin(DELETE_MESSAGE, (byte) 0, nowEpochNs, DELETE_LENGTH);
        batch.buffer().putLong(body, seq).put(body + Long.BYTES, (byte) (erase ? 1 : 0));
        batch.end(DELETE_LENGTH);
    }

    /**
     * Appends a purge.
     *
     * @param filter subject pattern; empty for all subjects
     * @param seq messages below it go; 0 for no bound
     * @param keep so many of the newest that match stay; 0 for none. Not together with {@code seq}
     */
    public static void purge(final EntryBatch batch, final long nowEpochNs, final byte[] filter, final long seq,
            final long keep) {
        Invariant.check(seq == 0 || keep == 0, "purge by sequence and by number", seq, keep);
        final int length = PURGE_FIXED_LENGTH + filter.length;
        final int body = batch.begin(PURGE, (byte) 0, nowEpochNs, length);
        batch.buffer().putLong(body, seq).putLong(body + Long.BYTES, keep).put(body + PURGE_FIXED_LENGTH, filter);
        batch.end(length);
    }

    /** Appends the time. */
    public static void time(final EntryBatch batch, final long nowEpochNs) {
        batch.begin(TIME, (byte) 0, nowEpochNs, 0);
        batch.end(0);
    }

    /** Appends a configuration. */
    public static void config(final EntryBatch batch, final long nowEpochNs, final byte[] bytes) {
        final int body = batch.begin(CONFIG, (byte) 0, nowEpochNs, bytes.length);
        batch.buffer().put(body, bytes);
        batch.end(bytes.length);
    }

    /**
     * Appends the removal of ranges of messages.
     *
     * @param ranges first and last sequence (inclusive) of each range, one after the other, ascending
     * @param count how many of these longs
     */
    public static void remove(final EntryBatch batch, final long nowEpochNs, final long[] ranges, final int count) {
        Invariant.check((count & 1) == 0, "ranges come in pairs", count);
        final int length = count * Long.BYTES;
        final int body = batch.begin(REMOVE, (byte) 0, nowEpochNs, length);
        for (int i = 0; i < count; i++) {
            batch.buffer().putLong(body + i * Long.BYTES, ranges[i]);
        }
        batch.end(length);
    }
}

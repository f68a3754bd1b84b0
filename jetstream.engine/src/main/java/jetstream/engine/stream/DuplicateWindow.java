package jetstream.engine.stream;

import java.nio.ByteBuffer;
import jetstream.api.Invariant;

/**
 * Message ids that were seen lately → the sequence they were given. It is part of the replicated state: ids come and go
 * by the time stamps of entries, so every replica forgets the same id at the same entry; it does not depend on whether
 * the message is still stored (spec/streams.md section 5).
 *
 * <p>Ids leave in the order in which they came. Both the ids' bytes and what is known of them lie in rings of a power
 * of two, found by open addressing: no object per id. Memory is bounded: beyond {@link #IDS_MAX} ids or {@link
 * #BYTES_MAX} bytes the oldest is forgotten early, on all replicas alike (ADR 0061). Owner: the shard thread.
 */
final class DuplicateWindow {
    /** Most ids that are remembered. */
    static final int IDS_MAX = 1 << 20;
    /** Most bytes of ids that are remembered. */
    static final int BYTES_MAX = 1 << 26;
    private static final int SMALLEST = 1;
    private static final int SMALLEST_BYTES = 16;

    private long windowNs;
    private long[] seqs = new long[SMALLEST];
    private long[] times = new long[SMALLEST];
    private int[] offsets = new int[SMALLEST];
    private int[] hashes = new int[SMALLEST];
    private int[] table = new int[SMALLEST * 2];
    private byte[] bytes = new byte[SMALLEST_BYTES];
    private int head;
    private int tail;
    private int bytesHead;
    private int bytesTail;
    private long newestEpochNs = Long.MIN_VALUE;

    DuplicateWindow(final long windowNs) {
        this.windowNs = windowNs;
    }

    /** How long an id is remembered; 0 for not at all. */
    void windowNs(final long newWindowNs) {
        windowNs = newWindowNs;
        if (windowNs <= 0) {
            clear();
        }
    }

    /** Number of ids that take memory. */
    int size() {
        return tail - head;
    }

    /** When all that is remembered now will be too old; {@link Long#MAX_VALUE} if nothing is. */
    long emptyAtEpochNs() {
        return size() == 0 ? Long.MAX_VALUE : newestEpochNs + windowNs;
    }

    /** Sequence that the id was given within the window before that time; 0 if it was not seen. */
    long find(final ByteBuffer buffer, final int offset, final int length, final long nowEpochNs) {
        if (windowNs <= 0 || size() == 0) {
            return 0;
        }
        final int at = slotOf(hash(buffer, offset, length), buffer, offset, length);
        if (table[at] == 0) {
            return 0;
        }
        final int entry = table[at] - 1;
        return nowEpochNs - times[entry] < windowNs ? seqs[entry] : 0;
    }

    /** Remembers an id, and forgets what is too old at that time. */
    void add(final ByteBuffer buffer, final int offset, final int length, final long seq, final long nowEpochNs) {
        if (windowNs <= 0 || length > BYTES_MAX / 2) {
            return;
        }
        expire(nowEpochNs);
        while (size() > 0 && (size() == IDS_MAX || bytesTail - bytesHead + length > BYTES_MAX)) {
            forgetOldest();
        }
        ensure(length);
        final int hash = hash(buffer, offset, length);
        final int entry = tail & seqs.length - 1;
        for (int i = 0; i < length; i++) {
            bytes[bytesTail + i & bytes.length - 1] = buffer.get(offset + i);
        }
        final int at = slotOf(hash, buffer, offset, length);
        seqs[entry] = seq;
        times[entry] = nowEpochNs;
        offsets[entry] = bytesTail;
        hashes[entry] = hash;
        table[at] = entry + 1;
        bytesTail += length;
        tail++;
        newestEpochNs = Math.max(newestEpochNs, nowEpochNs);
    }

    /** Forgets what is too old at that time. */
    void expire(final long nowEpochNs) {
        while (size() > 0 && nowEpochNs - times[head & seqs.length - 1] >= windowNs) {
            forgetOldest();
        }
    }

    void clear() {
        while (size() > 0) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        final int entry = head & seqs.length - 1;
        final int mask = table.length - 1;
        int hole = hashes[entry] & mask;
        while (table[hole] != 0 && table[hole] != entry + 1) {
            hole = hole + 1 & mask;
        }
        // An id that came again after its time has a younger entry in the table; then this one is not in it.
        if (table[hole] != 0) {
            for (int at = hole + 1 & mask; table[at] != 0; at = at + 1 & mask) {
                final int home = hashes[table[at] - 1] & mask;
                if ((at - home & mask) >= (at - hole & mask)) {
                    table[hole] = table[at];
                    hole = at;
                }
            }
            table[hole] = 0;
        }
        bytesHead += lengthOf(head);
        head++;
        if (head == tail) {
            newestEpochNs = Long.MIN_VALUE;
        }
    }

    private int lengthOf(final int position) {
        final int end = position + 1 == tail ? bytesTail : offsets[position + 1 & seqs.length - 1];
        return end - offsets[position & seqs.length - 1];
    }

    /** Slot of the table that names the id, or the free one where it belongs. */
    private int slotOf(final int hash, final ByteBuffer buffer, final int offset, final int length) {
        final int mask = table.length - 1;
        int at = hash & mask;
        while (table[at] != 0) {
            final int entry = table[at] - 1;
            if (hashes[entry] == hash && isId(entry, buffer, offset, length)) {
                break;
            }
            at = at + 1 & mask;
        }
        return at;
    }

    private boolean isId(final int entry, final ByteBuffer buffer, final int offset, final int length) {
        final int position = head + (entry - head & seqs.length - 1);
        if (lengthOf(position) != length) {
            return false;
        }
        final int start = offsets[entry];
        for (int i = 0; i < length; i++) {
            if (bytes[start + i & bytes.length - 1] != buffer.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private void ensure(final int length) {
        if (size() == seqs.length) {
            growEntries();
        }
        int needed = bytes.length;
        while (bytesTail - bytesHead + length > needed) {
            needed *= 2;
        }
        if (needed > bytes.length) {
            final byte[] grown = new byte[needed];
            for (int i = bytesHead; i != bytesTail; i++) {
                grown[i & needed - 1] = bytes[i & bytes.length - 1];
            }
            bytes = grown;
        }
    }

    private void growEntries() {
        final int old = seqs.length;
        final long[] oldSeqs = seqs;
        final long[] oldTimes = times;
        final int[] oldOffsets = offsets;
        final int[] oldHashes = hashes;
        final boolean[] named = new boolean[old];
        for (final int entry : table) {
            if (entry != 0) {
                named[entry - 1] = true;
            }
        }
        seqs = new long[old * 2];
        times = new long[old * 2];
        offsets = new int[old * 2];
        hashes = new int[old * 2];
        table = new int[old * 4];
        for (int position = head; position != tail; position++) {
            final int from = position & old - 1;
            final int to = position & seqs.length - 1;
            seqs[to] = oldSeqs[from];
            times[to] = oldTimes[from];
            offsets[to] = oldOffsets[from];
            hashes[to] = oldHashes[from];
            if (named[from]) {
                insert(to);
            }
        }
    }

    private void insert(final int entry) {
        final int mask = table.length - 1;
        int at = hashes[entry] & mask;
        while (table[at] != 0) {
            at = at + 1 & mask;
        }
        table[at] = entry + 1;
    }

    private static int hash(final ByteBuffer buffer, final int offset, final int length) {
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ buffer.get(offset + i)) * 0x100000001b3L;
        }
        return (int) (hash ^ hash >>> 32);
    }

    /** Writes the ids in the order in which they came. */
    void write(final ImageWriter out) {
        out.number(size());
        for (int position = head; position != tail; position++) {
            final int entry = position & seqs.length - 1;
            final int length = lengthOf(position);
            final byte[] id = new byte[length];
            for (int i = 0; i < length; i++) {
                id[i] = bytes[offsets[entry] + i & bytes.length - 1];
            }
            out.bytes(id, length);
            out.number(seqs[entry]);
            out.fixed(times[entry]);
        }
    }

    /** Replaces everything by what was written. */
    void read(final ImageReader in) {
        clear();
        Invariant.check(size() == 0, "duplicate window not empty", size());
        final long count = in.number();
        final long window = windowNs;
        windowNs = Long.MAX_VALUE;
        for (long i = 0; i < count; i++) {
            final byte[] id = in.bytes();
            final long seq = in.number();
            add(ByteBuffer.wrap(id), 0, id.length, seq, in.fixed());
        }
        windowNs = window;
    }
}

package jetstream.store.file;

import java.util.Arrays;
import jetstream.api.Invariant;

/**
 * The segments in use, by sequence number. Owner: the shard thread; {@link #snapshot} any thread.
 */
final class SegmentTable {
    private Segment[] slots = new Segment[16];
    private long firstSeq = 1;
    private int length;
    private volatile Segment[] snapshot = new Segment[0];

    /** The segment with that number, null if it is not in use. */
    Segment get(final long seq) {
        final long slot = seq - firstSeq;
        return slot >= 0 && slot < length ? slots[(int) slot] : null;
    }

    /** Adds a segment with a number above all others. */
    void add(final Segment segment) {
        if (length == 0) {
            firstSeq = segment.seq;
        }
        final long slot = segment.seq - firstSeq;
        Invariant.check(slot >= length && slot < Integer.MAX_VALUE, "segment numbers must ascend", segment.seq,
                firstSeq);
        if (slot >= slots.length) {
            slots = Arrays.copyOf(slots, (int) Math.max(slot + 1, slots.length * 2L));
        }
        slots[(int) slot] = segment;
        length = (int) slot + 1;
        publish();
    }

    void remove(final Segment segment) {
        slots[(int) (segment.seq - firstSeq)] = null;
        int gone = 0;
        while (gone < length && slots[gone] == null) {
            gone++;
        }
        if (gone > 0) {
            System.arraycopy(slots, gone, slots, 0, length - gone);
            Arrays.fill(slots, length - gone, length, null);
            length -= gone;
            firstSeq += gone;
        }
        publish();
    }

    /** Those in use, ascending. The array must not be changed. */
    Segment[] snapshot() {
        return snapshot;
    }

    private void publish() {
        int count = 0;
        final Segment[] all = new Segment[length];
        for (int i = 0; i < length; i++) {
            if (slots[i] != null) {
                all[count++] = slots[i];
            }
        }
        snapshot = Arrays.copyOf(all, count);
    }
}

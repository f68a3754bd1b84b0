package jetstream.engine.stream;

import java.util.Arrays;
import jetstream.api.Invariant;

/**
 * Live sequences of a stream → what is known of them, in blocks (see {@link SequenceBlock}).
 *
 * <p>Invariants: (I1) every block held but the last has a live sequence; (I2) blocks are sorted by number; (I3)
 * appended sequences ascend. Costs: lookup O(1) while no block in between was dropped, else O(log blocks); next and
 * previous O(1) but for dead stretches inside a block. Owner: the shard thread.
 */
final class SequenceIndex {
    private SequenceBlock[] blocks = new SequenceBlock[4];
    private int head;
    private int tail;
    private SequenceBlock spare;
    private long count;
    private long first;
    private long last;

    /** Number of live sequences. */
    long count() {
        return count;
    }

    /** First live sequence; 0 if there is none. */
    long first() {
        return first;
    }

    /** Last live sequence; 0 if there is none. */
    long last() {
        return last;
    }

    /** Adds a sequence above all that were ever added; it has no neighbours yet. Returns its block. */
    SequenceBlock append(final long seq, final long raftIndex, final long epochNs, final int subject,
            final int footprint) {
        Invariant.check(seq > last, "sequence appended out of order", seq, last);
        final SequenceBlock block = tailBlock(SequenceBlock.numberOf(seq));
        block.append(seq, raftIndex, epochNs, subject, footprint);
        count++;
        last = seq;
        if (first == 0) {
            first = seq;
        }
        return block;
    }

    private SequenceBlock tailBlock(final long number) {
        final SequenceBlock before = tail == head ? null : blocks[tail - 1];
        if (before != null && before.number() == number) {
            return before;
        }
        final SequenceBlock block = spare == null ? new SequenceBlock() : spare;
        spare = null;
        block.open(number, before);
        if (before != null && before.live() == 0) {
            drop(tail - 1);
        } else if (before != null) {
            compact(tail - 1);
        }
        if (tail == blocks.length) {
            makeRoom();
        }
        blocks[tail++] = block;
        return block;
    }

    private void makeRoom() {
        final int used = tail - head;
        final SequenceBlock[] target = used > blocks.length / 2 ? new SequenceBlock[blocks.length * 2] : blocks;
        System.arraycopy(blocks, head, target, 0, used);
        if (target == blocks) {
            Arrays.fill(blocks, used, tail, null);
        }
        blocks = target;
        head = 0;
        tail = used;
    }

    /** The block that holds what is known of that sequence; null if the sequence is not live. */
    SequenceBlock find(final long seq) {
        final int at = position(SequenceBlock.numberOf(seq));
        return at >= 0 && blocks[at].placeOf(seq) >= 0 ? blocks[at] : null;
    }

    /** Place in {@code blocks} of the block of that number, or minus (the place where it would be) minus 1. */
    private int position(final long number) {
        if (tail == head || number < blocks[head].number()) {
            return -head - 1;
        }
        final long guess = head + (number - blocks[head].number());
        if (guess < tail && blocks[(int) guess].number() == number) {
            return (int) guess;
        }
        int low = head;
        int high = tail - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (blocks[middle].number() < number) {
                low = middle + 1;
            } else if (blocks[middle].number() > number) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    /** Takes a live sequence out. Its neighbours are the caller's business. */
    void remove(final long seq) {
        final int at = position(SequenceBlock.numberOf(seq));
        Invariant.check(at >= 0, "sequence removed from a block that is not there", seq);
        final SequenceBlock block = blocks[at];
        block.remove(seq);
        count--;
        // The last block stays, even empty: a queue that is emptied after each message must not make garbage. The first
        // one is not compacted: a stream at its limit drains it from the front, and then uses its memory again.
        if (at != tail - 1 && block.live() == 0) {
            drop(at);
        } else if (at != tail - 1 && at != head) {
            compact(at);
        }
        if (seq == first) {
            first = count == 0 ? 0 : blocks[head].nextLive(seq);
        }
        if (seq == last) {
            last = count == 0 ? 0 : lastLive(seq);
        }
    }

    private long lastLive(final long seq) {
        final SequenceBlock block = blocks[tail - 1];
        return block.live() > 0 ? block.previousLive(seq) : blocks[tail - 2].previousLive(Long.MAX_VALUE);
    }

    private void compact(final int at) {
        final SequenceBlock block = blocks[at];
        if (block.isWasteful()) {
            blocks[at] = block.compacted();
            keepSpare(block);
        }
    }

    private void keepSpare(final SequenceBlock block) {
        if (spare == null && block.isLarge()) {
            spare = block;
        }
    }

    private void drop(final int at) {
        keepSpare(blocks[at]);
        if (at == head) {
            blocks[head++] = null;
        } else {
            System.arraycopy(blocks, at + 1, blocks, at, tail - at - 1);
            blocks[--tail] = null;
        }
        if (head == tail) {
            head = 0;
            tail = 0;
        }
    }

    void write(final ImageWriter out) {
        out.number(count);
        out.number(first);
        out.number(last);
        out.number(tail - head);
        for (int i = head; i < tail; i++) {
            blocks[i].write(out);
        }
    }

    /** Replaces everything by what was written. */
    void read(final ImageReader in) {
        clear();
        count = in.number();
        first = in.number();
        last = in.number();
        tail = (int) in.number();
        blocks = new SequenceBlock[Math.max(4, tail * 2)];
        for (int i = 0; i < tail; i++) {
            blocks[i] = new SequenceBlock();
            blocks[i].read(in);
        }
    }

    /** Takes everything out. */
    void clear() {
        Arrays.fill(blocks, null);
        head = 0;
        tail = 0;
        count = 0;
        first = 0;
        last = 0;
    }

    /** First live sequence at or after that one; 0 if there is none. */
    long nextLive(final long fromSeq) {
        if (count == 0 || fromSeq > last) {
            return 0;
        }
        if (fromSeq <= first) {
            return first;
        }
        final int at = position(SequenceBlock.numberOf(fromSeq));
        if (at < 0) {
            return blocks[-at - 1].nextLive(0);
        }
        final long found = blocks[at].nextLive(fromSeq);
        return found != 0 ? found : blocks[at + 1].nextLive(0);
    }

    /** Last live sequence at or before that one; 0 if there is none. */
    long previousLive(final long throughSeq) {
        if (count == 0 || throughSeq < first) {
            return 0;
        }
        if (throughSeq >= last) {
            return last;
        }
        final int at = position(SequenceBlock.numberOf(throughSeq));
        if (at < 0) {
            return blocks[-at - 2].previousLive(Long.MAX_VALUE);
        }
        final long found = blocks[at].previousLive(throughSeq);
        return found != 0 ? found : blocks[at - 1].previousLive(Long.MAX_VALUE);
    }

    /** Number of live sequences at or after that one. */
    long countFrom(final long fromSeq) {
        if (count == 0 || fromSeq > last) {
            return 0;
        }
        if (fromSeq <= first) {
            return count;
        }
        if (last - first + 1 == count) {
            return last - fromSeq + 1;
        }
        final int found = position(SequenceBlock.numberOf(fromSeq));
        final int at = found >= 0 ? found : -found - 1;
        long sum = 0;
        if (at - head < tail - at) {
            for (int i = head; i < at; i++) {
                sum += blocks[i].live();
            }
            return count - sum - (blocks[at].live() - blocks[at].countFrom(fromSeq));
        }
        for (int i = at + 1; i < tail; i++) {
            sum += blocks[i].live();
        }
        return sum + blocks[at].countFrom(fromSeq);
    }

    /** First live sequence whose time stamp is at or after that time; 0 if there is none. */
    long firstAtTime(final long epochNs) {
        for (int i = head; i < tail; i++) {
            final SequenceBlock block = blocks[i];
            if (block.newestEpochNs() >= epochNs) {
                for (long seq = block.nextLive(0); seq != 0; seq = block.nextLive(seq + 1)) {
                    if (block.timeAt(block.placeOf(seq)) >= epochNs) {
                        return seq;
                    }
                    if (SequenceBlock.numberOf(seq + 1) != block.number()) {
                        break;
                    }
                }
            }
        }
        return 0;
    }
}

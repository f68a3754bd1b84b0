package jetstream.store.file;

import java.util.Arrays;

/**
 * RAFT index to position in the log, in chunks of {@value #CHUNK_LENGTH} indexes that exist only while they hold
 * something. A chunk follows from the segments and the freed marks alone, so that one whose segments are sealed may be
 * dropped and read again. Chunks are sorted by number; the last one used is remembered, which serves appends and
 * ordered reads without a search. Owner: the shard thread.
 */
final class EntryIndex {
    static final int CHUNK_SHIFT = 7;
    static final int CHUNK_LENGTH = 1 << CHUNK_SHIFT;

    private static final long FREED = Long.MIN_VALUE;

    /** Positions of the entries whose index has the same upper bits; 0 is none, negative is freed. */
    static final class Chunk {
        private static final int SMALLEST = 8;

        private long number;
        /** Only as long as was needed: most of ten thousand groups have a handful of entries. */
        private int[] lengths = new int[SMALLEST];
        private long[] positions = new long[SMALLEST];
        private int held;

        long firstIndex() {
            return number << CHUNK_SHIFT;
        }

        /** 0 if there is none. */
        long position(final int slot) {
            return slot < positions.length ? positions[slot] & ~FREED : 0;
        }

        /** Of an entry that is held, in bytes. */
        int length(final int slot) {
            return lengths[slot];
        }

        boolean isHeld(final int slot) {
            return slot < positions.length && positions[slot] != 0;
        }

        boolean isLive(final int slot) {
            return slot < positions.length && positions[slot] > 0;
        }

        void markFreed(final int slot) {
            positions[slot] |= FREED;
        }

        void set(final int slot, final long position, final int length) {
            if (slot >= positions.length) {
                final int size = Math.max(2 * positions.length, Integer.highestOneBit(slot) << 1);
                positions = Arrays.copyOf(positions, size);
                lengths = Arrays.copyOf(lengths, size);
            }
            positions[slot] = position;
            lengths[slot] = length;
            held++;
        }

        private void remove(final int slot) {
            positions[slot] = 0;
            held--;
        }
    }

    /** Chunks that hold nothing, for all groups of a store: appending and freeing at the same pace makes no garbage. */
    static final class Pool {
        private static final int CHUNKS_MAX = 512;

        private final Chunk[] chunks = new Chunk[CHUNKS_MAX];
        private int count;

        private Chunk take(final long number) {
            final Chunk chunk = count > 0 ? chunks[--count] : new Chunk();
            chunk.number = number;
            return chunk;
        }

        private void give(final Chunk chunk) {
            if (count < CHUNKS_MAX) {
                chunks[count++] = chunk;
            }
        }
    }

    private final Pool pool;
    private Chunk[] chunks = new Chunk[2];
    private int count;
    private Chunk last;

    EntryIndex(final Pool pool) {
        this.pool = pool;
    }

    int count() {
        return count;
    }

    static int slotOf(final long index) {
        return (int) (index & CHUNK_LENGTH - 1);
    }

    /** The chunk of that index, null if it holds nothing. */
    Chunk find(final long index) {
        final long number = index >> CHUNK_SHIFT;
        if (last != null && last.number == number) {
            return last;
        }
        final int at = search(number);
        if (at < 0) {
            return null;
        }
        last = chunks[at];
        return last;
    }

    /** The chunk of that index, made if it is not there. */
    Chunk findOrMake(final long index) {
        final Chunk found = find(index);
        if (found != null) {
            return found;
        }
        final int at = -search(index >> CHUNK_SHIFT) - 1;
        if (count == chunks.length) {
            chunks = Arrays.copyOf(chunks, count * 2);
        }
        System.arraycopy(chunks, at, chunks, at + 1, count - at);
        last = pool.take(index >> CHUNK_SHIFT);
        chunks[at] = last;
        count++;
        return last;
    }

    /** The chunk with the lowest number that holds an index {@code >= index} or shares its upper bits; null if none. */
    Chunk ceiling(final long index) {
        final int found = search(index >> CHUNK_SHIFT);
        final int at = found >= 0 ? found : -found - 1;
        return at < count ? chunks[at] : null;
    }

    /** Forgets one place, and the chunk with its last one. */
    void remove(final Chunk chunk, final int slot) {
        chunk.remove(slot);
        if (chunk.held == 0) {
            final int at = search(chunk.number);
            System.arraycopy(chunks, at + 1, chunks, at, count - at - 1);
            chunks[--count] = null;
            if (last == chunk) {
                last = null;
            }
            pool.give(chunk);
        }
    }

    private int search(final long number) {
        if (count > 0 && chunks[count - 1].number < number) {
            return -count - 1;
        }
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            final long there = chunks[middle].number;
            if (there < number) {
                low = middle + 1;
            } else if (there > number) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }
}

package jetstream.store.memory;

import java.util.Arrays;

/**
 * RAFT index to place in memory, in chunks of {@value #CHUNK_LENGTH} indexes that exist only while they hold something:
 * a long history with few live records costs what the live records cost. Chunks are sorted by number; the last one used
 * is remembered, which serves appends and ordered reads without a search. Owner: the shard thread.
 */
final class EntryIndex {
    static final int CHUNK_SHIFT = 8;
    static final int CHUNK_LENGTH = 1 << CHUNK_SHIFT;

    /** Places of the entries whose index has the same upper bits. */
    static final class Chunk {
        final long number;
        final Slab[] slabs = new Slab[CHUNK_LENGTH];
        final int[] offsets = new int[CHUNK_LENGTH];
        final long[] freed = new long[CHUNK_LENGTH >> 6];
        int held;

        Chunk(final long number) {
            this.number = number;
        }

        boolean isFreed(final int slot) {
            return (freed[slot >> 6] & 1L << slot) != 0;
        }

        void markFreed(final int slot, final boolean isFreed) {
            if (isFreed) {
                freed[slot >> 6] |= 1L << slot;
            } else {
                freed[slot >> 6] &= ~(1L << slot);
            }
        }
    }

    private Chunk[] chunks = new Chunk[4];
    private int count;
    private Chunk last;

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
        last = new Chunk(index >> CHUNK_SHIFT);
        chunks[at] = last;
        count++;
        return last;
    }

    /** The chunk with the lowest number that holds an index {@code >= index}, null if there is none. */
    Chunk ceiling(final long index) {
        final int found = search(index >> CHUNK_SHIFT);
        final int at = found >= 0 ? found : -found - 1;
        return at < count ? chunks[at] : null;
    }

    /** Drops a chunk that holds nothing any more. */
    void remove(final Chunk chunk) {
        final int at = search(chunk.number);
        System.arraycopy(chunks, at + 1, chunks, at, count - at - 1);
        chunks[--count] = null;
        if (last == chunk) {
            last = null;
        }
    }

    private int search(final long number) {
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

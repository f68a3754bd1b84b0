package jetstream.store.file;

import java.util.Arrays;

/** Where the blocks of a segment start, ascending. Owner: the shard thread. */
final class BlockStarts {
    private int[] offsets = new int[16];
    private int count;

    void add(final int offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = offset;
    }

    int count() {
        return count;
    }

    int get(final int at) {
        return offsets[at];
    }

    /** The last one at or before that offset, -1 if there is none. */
    int floor(final int offset) {
        final int found = Arrays.binarySearch(offsets, 0, count, offset);
        final int at = found >= 0 ? found : -found - 2;
        return at < 0 ? -1 : offsets[at];
    }
}

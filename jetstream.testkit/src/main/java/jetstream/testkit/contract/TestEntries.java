package jetstream.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryLayout;
import jetstream.api.entry.EntryType;

/** Entries whose bytes follow from group, index and term, so that whoever reads one knows what it has to be. */
public final class TestEntries {
    private TestEntries() {
    }

    /** Sealed entries with contiguous indexes. */
    public static EntryBatch batch(final GroupId group, final long firstIndex, final int count, final long term) {
        final EntryBatch batch = new EntryBatch(256);
        for (long index = firstIndex; index < firstIndex + count; index++) {
            add(batch, group, index, term);
        }
        batch.seal(group.value(), firstIndex, term);
        return batch;
    }

    /** Sealed entries with exactly these indexes. */
    public static EntryBatch sparse(final GroupId group, final long term, final long... indexes) {
        final EntryBatch batch = new EntryBatch(256);
        for (final long index : indexes) {
            add(batch, group, index, term);
        }
        int offset = 0;
        for (final long index : indexes) {
            EntryLayout.seal(batch.buffer(), offset, group.value(), index, term);
            offset += EntryLayout.entryLength(batch.buffer(), offset);
        }
        return batch;
    }

    /** One sealed entry with a body of that length. */
    public static EntryBatch ofLength(final GroupId group, final long index, final long term, final int bodyLength) {
        final EntryBatch batch = new EntryBatch(EntryLayout.HEADER_LENGTH + bodyLength);
        final int body = batch.begin(EntryType.APPLICATION, (byte) 0, index, bodyLength);
        for (int i = 0; i < bodyLength; i += 1021) {
            batch.buffer().put(body + i, (byte) (index + i));
        }
        batch.end(bodyLength);
        batch.seal(group.value(), index, term);
        return batch;
    }

    /** The bytes at that place are the entry of that group, index and term. */
    public static void assertBytes(final GroupId group, final long index, final long term, final ByteBuffer buffer,
            final int offset) {
        final EntryBatch expected = sparse(group, term, index);
        assertEquals(index, EntryLayout.index(buffer, offset), "index");
        assertEquals(term, EntryLayout.term(buffer, offset), () -> "term of index " + index);
        final int length = EntryLayout.entryLength(buffer, offset);
        assertEquals(expected.buffer().slice(0, expected.length()),
                buffer.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN), () -> "bytes of index " + index);
    }

    private static void add(final EntryBatch batch, final GroupId group, final long index, final long term) {
        // Most are small, every seventh is large enough that a few fill a small segment.
        final int length = (int) ((index * 37 + term * 11) % 300) * (index % 7 == 0 ? 10 : 1);
        final int body = batch.begin(EntryType.APPLICATION, (byte) 0, index * 1_000 + term, length);
        for (int i = 0; i < length; i++) {
            batch.buffer().put(body + i, (byte) (group.value() * 31 + index * 7 + term * 3 + i));
        }
        batch.end(length);
    }
}

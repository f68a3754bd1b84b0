package jetstream.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.entry.EntryLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * An entry's header through {@code ByteBuffer}, as the SPIs have it, and through {@code MemorySegment}, the road not
 * taken (decision 0002); sealing and checking an entry of a usual size.
 */
public class EntryBenchmark extends LayerBenchmark {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Body length in bytes. */
    @Param({"256", "4096"}) public int bodyLength;

    private ByteBuffer buffer;
    private MemorySegment segment;
    private long index;

    /** One sealed entry, 24 bytes into a direct buffer. */
    @Setup
    public void fill() {
        buffer = ByteBuffer.allocateDirect(bodyLength + 256).order(ByteOrder.LITTLE_ENDIAN);
        segment = Arena.ofAuto().allocate(bodyLength + 256L);
        final int offset = 24;
        buffer.putInt(offset + 8, bodyLength);
        buffer.putInt(offset + 4, EntryLayout.checksum(buffer, offset + EntryLayout.HEADER_LENGTH, bodyLength));
        EntryLayout.seal(buffer, offset, 7, 1, 1);
        MemorySegment.copy(MemorySegment.ofBuffer(buffer), 0, segment, 0, bodyLength + 256L);
    }

    /** Reads four fields of the header. */
    @Benchmark
    public long readHeaderOfBuffer() {
        final int offset = 24;
        return EntryLayout.bodyLength(buffer, offset) + EntryLayout.group(buffer, offset)
                + EntryLayout.index(buffer, offset) + EntryLayout.term(buffer, offset);
    }

    /** The same four fields through a segment. */
    @Benchmark
    public long readHeaderOfSegment() {
        final long offset = 24;
        return segment.get(INT, offset + 8) + segment.get(LONG, offset + 16)
                + segment.get(LONG, offset + 24) + segment.get(LONG, offset + 32);
    }

    /** What a leader does to each entry before it is appended: index, term and the header's checksum. */
    @Benchmark
    public void seal() {
        EntryLayout.seal(buffer, 24, 7, ++index, 3);
    }

    /** What a follower and every reader does: both checksums. */
    @Benchmark
    public boolean check() {
        return EntryLayout.isHeaderIntact(buffer, 24, buffer.capacity()) && EntryLayout.isBodyIntact(buffer, 24);
    }
}

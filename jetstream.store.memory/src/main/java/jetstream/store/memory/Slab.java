package jetstream.store.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of memory that holds entries of one group, back to back. It is never compacted in place: when its last held
 * entry goes, nothing refers to it any more and the collector takes it.
 */
final class Slab {
    final ByteBuffer buffer;
    int tail;
    int heldEntries;

    Slab(final int lengthBytes) {
        buffer = ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int remaining() {
        return buffer.capacity() - tail;
    }
}

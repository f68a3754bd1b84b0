package jetstream.api.store;

import java.nio.ByteBuffer;

/**
 * A state image.
 *
 * @param index last index applied in it
 * @param term term of that index
 * @param image the bytes, little endian, read-only; position 0 to limit
 */
public record Checkpoint(long index, long term, ByteBuffer image) {
}

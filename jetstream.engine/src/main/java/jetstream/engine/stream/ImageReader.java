package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads what {@link ImageWriter} wrote. */
final class ImageReader {
    private final ByteBuffer image;

    ImageReader(final ByteBuffer image) {
        this.image = image.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    long number() {
        long value = 0;
        int shift = 0;
        byte read = image.get();
        while (read < 0) {
            value |= (read & 0x7fL) << shift;
            shift += 7;
            read = image.get();
        }
        return value | (long) read << shift;
    }

    long signed() {
        final long folded = number();
        return folded >>> 1 ^ -(folded & 1);
    }

    long fixed() {
        return image.getLong();
    }

    byte[] bytes() {
        final byte[] read = new byte[(int) number()];
        image.get(read);
        return read;
    }

    void raw(final byte[] target, final int length) {
        image.get(target, 0, length);
    }

    boolean hasRemaining() {
        return image.hasRemaining();
    }
}

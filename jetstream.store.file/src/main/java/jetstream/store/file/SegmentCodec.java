package jetstream.store.file;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;

/** How units of sealed segments are compressed. The number of a codec is its place here. */
enum SegmentCodec {
    NONE {
        @Override
        byte[] compress(final byte[] source, final int length) {
            return Arrays.copyOf(source, length);
        }

        @Override
        byte[] decompress(final byte[] source, final int length) {
            return source.length == length ? source : null;
        }
    },
    S2 {
        @Override
        byte[] compress(final byte[] source, final int length) {
            final byte[] into = new byte[Snappy.lengthMax(length)];
            return Arrays.copyOf(into, new Snappy().compress(source, length, into));
        }

        @Override
        byte[] decompress(final byte[] source, final int length) {
            final byte[] into = new byte[length];
            return Snappy.decompress(source, source.length, into, length) ? into : null;
        }
    },
    ZSTD {
        @Override
        byte[] compress(final byte[] source, final int length) {
            return Zstd.compress(length == source.length ? source : Arrays.copyOf(source, length));
        }

        @Override
        byte[] decompress(final byte[] source, final int length) {
            // Anything but the length is the number of an error.
            final byte[] into = new byte[length];
            return Zstd.decompress(into, source) == length ? into : null;
        }
    };

    abstract byte[] compress(byte[] source, int length);

    /** Exactly that many bytes; null if the source is not what was compressed. */
    abstract byte[] decompress(byte[] source, int length);
}

package jetstream.server.route;

import java.nio.ByteBuffer;

/** Reads the rows that {@link RouteBatch} writes and checks every length. Reused. Owner: node thread. */
final class RouteReader {
    private ByteBuffer buffer;
    private int position;
    private int end;

    void wrap(final ByteBuffer bytes, final int offset, final int length) {
        buffer = bytes;
        position = offset;
        end = offset + length;
    }

    boolean isAtEnd() {
        return position == end;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** Steps over so many bytes and says where they began. */
    int skip(final int length) {
        if (length < 0 || length > end - position) {
            throw new RouteFormatException("length " + length + " at " + position + " is beyond the end " + end);
        }
        final int start = position;
        position += length;
        return start;
    }

    byte[] text() {
        final int length = number();
        final byte[] bytes = new byte[length];
        buffer.get(skip(length), bytes);
        return bytes;
    }

    int number() {
        int value = 0;
        int shift = 0;
        while (true) {
            if (position >= end || shift > 28) {
                throw new RouteFormatException("broken number at " + position);
            }
            final byte b = buffer.get(position++);
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
            shift += 7;
        }
        if (value < 0 || value > end) {
            throw new RouteFormatException("number out of range at " + position + ": " + value);
        }
        return value;
    }
}

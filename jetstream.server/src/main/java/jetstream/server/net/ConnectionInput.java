package jetstream.server.net;

import io.netty.buffer.ByteBuf;
import jetstream.server.protocol.ClientParser;

/**
 * Input of one connection: hands bytes to the parser and keeps the unfinished rest. As long as nothing is left over,
 * the bytes are parsed in an array that all connections share. Owner: node thread.
 */
final class ConnectionInput {
    /** Length of the shared array and of one read. */
    static final int READ_LENGTH = 1 << 16;
    private static final byte[] NOTHING = new byte[0];

    private final ClientParser parser;
    private final byte[] shared;
    private final ArrayPool arrays;
    private byte[] rest = NOTHING;
    private int restLength;
    private boolean isPaused;
    private boolean isParsing;
    private boolean isClosed;

    ConnectionInput(final ClientParser parser, final byte[] shared, final ArrayPool arrays) {
        this.parser = parser;
        this.shared = shared;
        this.arrays = arrays;
    }

    /** Takes what was read; the buffer is left empty but not released. */
    void onBytes(final ByteBuf bytes) {
        while (bytes.isReadable() && !isClosed) {
            if (restLength == 0 && !isPaused) {
                final int length = Math.min(bytes.readableBytes(), shared.length);
                bytes.readBytes(shared, 0, length);
                keep(shared, parse(shared, length), length);
            } else {
                final int length = bytes.readableBytes();
                reserve(restLength + length);
                bytes.readBytes(rest, restLength, length);
                restLength += length;
                parseRest();
            }
        }
    }

    /** Whether what comes is only kept. */
    boolean isPaused() {
        return isPaused;
    }

    /** What comes is kept until {@link #resume()}. */
    void pause() {
        isPaused = true;
    }

    void resume() {
        isPaused = false;
        parseRest();
    }

    /** Drops what is there and what comes. */
    void close() {
        isClosed = true;
    }

    private void parseRest() {
        if (isPaused || isClosed || isParsing || restLength == 0) {
            return;
        }
        final byte[] input = rest;
        final int length = restLength;
        final int end = parse(input, length);
        if (end == length || isClosed) {
            drop();
            return;
        }
        System.arraycopy(input, end, input, 0, length - end);
        restLength = length - end;
        reserve(parser.neededBytes());
    }

    private int parse(final byte[] input, final int length) {
        isParsing = true;
        try {
            return parser.parse(input, 0, length);
        } finally {
            isParsing = false;
        }
    }

    private void keep(final byte[] input, final int from, final int to) {
        if (from == to || isClosed) {
            return;
        }
        reserve(Math.max(to - from, parser.neededBytes()));
        System.arraycopy(input, from, rest, 0, to - from);
        restLength = to - from;
    }

    private void reserve(final int length) {
        if (rest.length >= length) {
            return;
        }
        final byte[] wider = arrays.take(length);
        System.arraycopy(rest, 0, wider, 0, restLength);
        if (rest.length > 0) {
            arrays.give(rest);
        }
        rest = wider;
    }

    private void drop() {
        if (rest.length > 0) {
            arrays.give(rest);
        }
        rest = NOTHING;
        restLength = 0;
    }
}

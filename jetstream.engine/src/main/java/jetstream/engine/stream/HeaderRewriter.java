package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes a changed copy of a header block: the status line loses its status, single headers are taken out, replaced or
 * added; all others stay as they are, in order. For the few messages that need it; allocates. Owner: one thread.
 */
final class HeaderRewriter {
    private static final String VERSION = "NATS/1.0";
    private static final String LINE_END = "\r\n";

    private final StringBuilder lines = new StringBuilder(0);
    private ByteBuffer made;

    /** Starts with the lines of that block; length 0 for none. */
    void start(final ByteBuffer block, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        block.get(offset, bytes);
        // Latin-1 keeps every byte as it is, whatever encoding the client meant.
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        lines.setLength(0);
        final int first = text.indexOf(LINE_END);
        if (first >= 0) {
            final int last = text.endsWith(LINE_END + LINE_END) ? text.length() - LINE_END.length() : text.length();
            lines.append(text, Math.min(first + LINE_END.length(), last), last);
        }
        made = null;
    }

    /** Takes all headers of that name out. */
    void remove(final String name) {
        int at = 0;
        while (at < lines.length()) {
            final int end = lines.indexOf(LINE_END, at);
            final int next = end < 0 ? lines.length() : end + LINE_END.length();
            if (lines.length() - at > name.length() && lines.charAt(at + name.length()) == ':'
                    && name.contentEquals(lines.subSequence(at, at + name.length()))) {
                lines.delete(at, next);
            } else {
                at = next;
            }
        }
        made = null;
    }

    /** Adds a header at the end. */
    void add(final String name, final String value) {
        lines.append(name).append(": ").append(value).append(LINE_END);
        made = null;
    }

    /** Takes all headers of that name out and adds one. */
    void replace(final String name, final String value) {
        remove(name);
        add(name, value);
    }

    /** The block, from 0. */
    ByteBuffer buffer() {
        if (made == null) {
            final String block = VERSION + LINE_END + lines + LINE_END;
            made = ByteBuffer.wrap(block.getBytes(StandardCharsets.ISO_8859_1));
        }
        return made;
    }

    /** Its length in bytes. */
    int length() {
        return buffer().capacity();
    }
}

package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds the headers of {@link HeaderField} in a header block, in one pass and without allocation. The first of several
 * equal names counts. Only valid while the bytes are. Owner: one thread.
 */
public final class HeaderScanner {
    private static final HeaderField[] FIELDS = HeaderField.values();
    private static final int LONGEST_NUMBER = 18;
    private static final int[] NONE = {};

    private int[] offsets = NONE;
    private int[] lengths = NONE;
    private ByteBuffer buffer;
    private int present;

    /** A scanner over nothing yet. */
    public HeaderScanner() {
    }

    /** Reads the header block in that absolute range; length 0 for none. */
    public HeaderScanner scan(final ByteBuffer newBuffer, final int offset, final int length) {
        buffer = newBuffer;
        present = 0;
        if (length > 0) {
            final int limit = offset + length;
            for (int line = nextLine(offset, limit); line < limit; line = nextLine(line, limit)) {
                final byte start = buffer.get(line);
                if (start == 'N' || start == 'K') {
                    readLine(line, limit);
                }
            }
        }
        return this;
    }

    private int nextLine(final int from, final int limit) {
        int at = from;
        while (at < limit && buffer.get(at) != '\n') {
            at++;
        }
        return at + 1;
    }

    private void readLine(final int line, final int limit) {
        int colon = line;
        while (colon < limit && buffer.get(colon) != ':' && buffer.get(colon) != '\r') {
            colon++;
        }
        if (colon == limit || buffer.get(colon) != ':') {
            return;
        }
        final int field = fieldOf(line, colon - line);
        if (field >= 0 && (present & 1 << field) == 0) {
            if (offsets.length == 0) {
                offsets = new int[FIELDS.length];
                lengths = new int[FIELDS.length];
            }
            present |= 1 << field;
            int start = colon + 1;
            int end = start;
            while (end < limit && buffer.get(end) != '\r' && buffer.get(end) != '\n') {
                end++;
            }
            while (start < end && buffer.get(start) == ' ') {
                start++;
            }
            while (end > start && buffer.get(end - 1) == ' ') {
                end--;
            }
            offsets[field] = start;
            lengths[field] = end - start;
        }
    }

    private int fieldOf(final int offset, final int length) {
        for (int i = 0; i < FIELDS.length; i++) {
            final byte[] name = FIELDS[i].bytes();
            if (name.length == length && isAt(name, offset)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isAt(final byte[] text, final int offset) {
        for (int i = text.length - 1; i >= 0; i--) {
            if (text[i] != buffer.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether none of the known headers is there. */
    public boolean isEmpty() {
        return present == 0;
    }

    /** Whether that header is there with a value that is not empty. */
    public boolean has(final HeaderField field) {
        return (present & 1 << field.ordinal()) != 0 && lengths[field.ordinal()] > 0;
    }

    /** Whether that header is there, with or without a value. */
    public boolean isPresent(final HeaderField field) {
        return (present & 1 << field.ordinal()) != 0;
    }

    /** Buffer of all values. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where the value of a present header starts, absolute. */
    public int offset(final HeaderField field) {
        return offsets[field.ordinal()];
    }

    /** Length in bytes of the value of a present header. */
    public int length(final HeaderField field) {
        return lengths[field.ordinal()];
    }

    /** Value of a present header. Allocates. */
    public String text(final HeaderField field) {
        final byte[] bytes = new byte[length(field)];
        buffer.get(offset(field), bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Whether a present header has exactly these bytes as its value. */
    boolean is(final HeaderField field, final byte[] text, final int textLength) {
        if (length(field) != textLength) {
            return false;
        }
        for (int i = 0; i < textLength; i++) {
            if (text[i] != buffer.get(offset(field) + i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a present header has this ASCII word as its value; the case of letters does not matter. */
    boolean isWord(final HeaderField field, final String word) {
        if (length(field) != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            final int read = buffer.get(offset(field) + i);
            final int lower = read >= 'A' && read <= 'Z' ? read + 32 : read;
            if (lower != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Value of a present header as a decimal number without a sign; -1 if it is none. */
    public long number(final HeaderField field) {
        final int length = length(field);
        if (length == 0 || length > LONGEST_NUMBER) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            final int digit = buffer.get(offset(field) + i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}

package jetstream.server.conf.syntax;

import java.nio.charset.StandardCharsets;

/**
 * A place in the text of one file. The text holds one char per byte of the file, so that columns count bytes as the
 * reference does and {@code \xHH} escapes can write any byte; {@link #decode} makes real strings of it.
 */
final class Cursor {

    /** Stands for the end of the text; no char of the text has this value. */
    static final char END = '\uffff';

    private final String file;
    private final String text;
    private int position;
    private int line = 1;
    private int lineStart;

    Cursor(final String file, final byte[] bytes) {
        this.file = file;
        final String all = new String(bytes, StandardCharsets.ISO_8859_1);
        final int nul = all.indexOf('\0');
        this.text = nul < 0 ? all : all.substring(0, nul);
    }

    static String decode(final CharSequence chars) {
        return new String(chars.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    static boolean isBlank(final char c) {
        return c == ' ' || c == '\t';
    }

    static boolean isNewLine(final char c) {
        return c == '\n' || c == '\r';
    }

    static boolean isSpace(final char c) {
        return isBlank(c) || c >= '\n' && c <= '\r';
    }

    static boolean isDigit(final char c) {
        return c >= '0' && c <= '9';
    }

    int position() {
        return position;
    }

    char peek() {
        return peek(0);
    }

    char peek(final int ahead) {
        return position + ahead < text.length() ? text.charAt(position + ahead) : END;
    }

    char next() {
        final char c = peek();
        if (c != END) {
            position++;
            if (c == '\n') {
                line++;
                lineStart = position - 1;
            }
        }
        return c;
    }

    /** Moves over chars of the same line. */
    void skip(final int count) {
        position += count;
    }

    String slice(final int from) {
        return text.substring(from, position);
    }

    Origin origin() {
        return new Origin(file, line, position - lineStart);
    }

    ConfSyntaxException error(final String message) {
        return ConfSyntaxException.at(origin(), message);
    }

    /** The next char as an error message shows it. */
    String shown() {
        return switch (peek()) {
            case END -> "end of file";
            case '\n', '\r' -> "new line";
            default -> String.valueOf(peek());
        };
    }

    boolean atComment() {
        return peek() == '#' || peek() == '/' && peek(1) == '/';
    }

    void skipBlanks() {
        while (isBlank(peek())) {
            position++;
        }
    }

    void skipLine() {
        while (peek() != END && !isNewLine(peek())) {
            position++;
        }
    }

    void skipSpacesAndComments() {
        while (true) {
            if (isSpace(peek())) {
                next();
            } else if (atComment()) {
                skipLine();
            } else {
                return;
            }
        }
    }
}

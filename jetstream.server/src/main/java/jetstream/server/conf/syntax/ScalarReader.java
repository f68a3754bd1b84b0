package jetstream.server.conf.syntax;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads one value that is neither a map nor an array. */
final class ScalarReader {

    private static final String DATE_SHAPE = "0000-00-00T00:00:00Z";
    private static final Set<String> TRUE_WORDS = Set.of("true", "yes", "on");
    private static final Set<String> FALSE_WORDS = Set.of("false", "no", "off");
    private static final Map<String, Long> FACTORS = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("k", 1_000L),
            Map.entry("m", 1_000_000L),
            Map.entry("g", 1_000_000_000L),
            Map.entry("t", 1_000_000_000_000L),
            Map.entry("p", 1_000_000_000_000_000L),
            Map.entry("e", 1_000_000_000_000_000_000L));
    private static final String UNITS = "kmgtpe";

    private final Cursor cursor;

    ScalarReader(final Cursor cursor) {
        this.cursor = cursor;
    }

    /** An unquoted {@code $name}, still to be looked up. */
    record Reference(String name, Origin origin) {
    }

    /** Reads at the first char of a scalar; gives a {@link ConfValue} or a {@link Reference}. */
    Object read() {
        final char first = cursor.peek();
        final Origin origin = cursor.origin();
        return switch (first) {
            case '\'' -> new ConfValue.Text(singleQuoted(), origin);
            case '"' -> new ConfValue.Text(doubleQuoted(), origin);
            case '(' -> new ConfValue.Text(block(), origin);
            case '-' -> negative(origin);
            case '.' -> throw cursor.error("Floats must start with a digit, not '.'");
            default -> Cursor.isDigit(first) ? numberLike(origin) : bare(cursor.position(), origin);
        };
    }

    /** The raw text between single quotes; the cursor is at the first one. */
    String singleQuoted() {
        final Origin open = cursor.origin();
        cursor.next();
        final int from = cursor.position();
        while (cursor.peek() != '\'') {
            if (cursor.next() == Cursor.END) {
                throw ConfSyntaxException.at(open, "Unexpected end of file: single-quoted string is not closed");
            }
        }
        final String text = cursor.slice(from);
        cursor.next();
        return Cursor.decode(text);
    }

    /** The text between double quotes, escapes applied; the cursor is at the first one. */
    String doubleQuoted() {
        final Origin open = cursor.origin();
        cursor.next();
        final StringBuilder text = new StringBuilder();
        while (cursor.peek() != '"') {
            final char c = cursor.next();
            if (c == Cursor.END) {
                throw ConfSyntaxException.at(open, "Unexpected end of file: double-quoted string is not closed");
            }
            text.append(c == '\\' ? escape() : c);
        }
        cursor.next();
        return Cursor.decode(text);
    }

    private char escape() {
        final char c = cursor.peek();
        final char meaning = switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case '"', '\\' -> c;
            case 'x' -> hex();
            default -> throw cursor.error("Invalid escape character '" + cursor.shown()
                    + "'; allowed are \\xXX, \\t, \\n, \\r, \\\" and \\\\");
        };
        cursor.next();
        return meaning;
    }

    private char hex() {
        final int high = Character.digit(cursor.peek(1), 16);
        final int low = Character.digit(cursor.peek(2), 16);
        if (high < 0 || low < 0) {
            throw cursor.error("Expected two hexadecimal digits after '\\x'");
        }
        cursor.skip(2);
        return (char) (high << 4 | low);
    }

    private String block() {
        final Origin open = cursor.origin();
        cursor.next();
        final int from = cursor.position();
        char previous = '(';
        while (true) {
            final char c = cursor.peek();
            if (c == Cursor.END) {
                throw ConfSyntaxException.at(open, "Unexpected end of file: block '(' has no ')' on a line of its own");
            }
            final char after = cursor.peek(1);
            if (c == ')' && previous == '\n' && (after == '\n' || after == Cursor.END)) {
                final String text = cursor.slice(from);
                cursor.next();
                return Cursor.decode(text);
            }
            previous = cursor.next();
        }
    }

    private Object negative(final Origin origin) {
        final int from = cursor.position();
        cursor.next();
        if (!Cursor.isDigit(cursor.peek())) {
            throw cursor.error("Expected a digit but got '" + cursor.shown() + "'");
        }
        skipDigits();
        if (cursor.peek() == '.') {
            return real(from, origin);
        }
        return isUnit(cursor.peek()) ? sized(from, origin) : whole(from, cursor.position(), origin);
    }

    /** Text that starts with a digit: an integer, a float, a date, an address or just a string. */
    private Object numberLike(final Origin origin) {
        final int from = cursor.position();
        skipDigits();
        final char c = cursor.peek();
        if (c == '-') {
            return date(from, origin);
        }
        if (c == '.') {
            return real(from, origin);
        }
        if (isUnit(c)) {
            return sized(from, origin);
        }
        return isEnd(c) ? whole(from, cursor.position(), origin) : bare(from, origin);
    }

    private Object sized(final int from, final Origin origin) {
        final int unitAt = cursor.position();
        cursor.next();
        while (cursor.peek() != Cursor.END && "bBiI".indexOf(cursor.peek()) >= 0) {
            cursor.next();
        }
        final String suffix = cursor.slice(unitAt).substring(1).toLowerCase(Locale.ROOT);
        final boolean known = switch (suffix) {
            case "", "b", "i", "ib" -> true;
            default -> false;
        };
        return known && isEnd(cursor.peek()) ? whole(from, unitAt, origin) : bare(from, origin);
    }

    private ConfValue whole(final int from, final int unitAt, final Origin origin) {
        final String all = cursor.slice(from);
        final String digits = all.substring(0, unitAt - from);
        final String suffix = all.substring(unitAt - from).toLowerCase(Locale.ROOT);
        try {
            // The product wraps silently, as in the reference.
            return new ConfValue.Whole(Long.parseLong(digits) * factor(suffix), origin);
        } catch (final NumberFormatException e) {
            throw outOfRange(all, e);
        }
    }

    private static ConfSyntaxException outOfRange(final String digits, final NumberFormatException cause) {
        final ConfSyntaxException error = new ConfSyntaxException("integer '" + digits + "' is out of the range");
        error.initCause(cause);
        return error;
    }

    private static long factor(final String suffix) {
        return suffix.length() <= 1 ? FACTORS.get(suffix) : 1L << 10 * (UNITS.indexOf(suffix.charAt(0)) + 1);
    }

    private Object real(final int from, final Origin origin) {
        cursor.next();
        if (!Cursor.isDigit(cursor.peek())) {
            throw cursor.error("Floats must have a digit after the '.', but got '" + cursor.shown() + "' instead");
        }
        skipDigits();
        if (cursor.peek() == '.') {
            return address(from, origin);
        }
        return new ConfValue.Real(Double.parseDouble(cursor.slice(from)), origin);
    }

    private ConfValue address(final int from, final Origin origin) {
        char c = cursor.peek();
        while (Cursor.isDigit(c) || c == '.' || c == ':' || c == '-') {
            cursor.next();
            c = cursor.peek();
        }
        return new ConfValue.Text(cursor.slice(from), origin);
    }

    private ConfValue date(final int from, final Origin origin) {
        if (cursor.position() - from != 4) {
            throw cursor.error("Dates must be written YYYY-MM-DDThh:mm:ssZ; quote the value if it is a string");
        }
        for (int i = 4; i < DATE_SHAPE.length(); i++) {
            final char wanted = DATE_SHAPE.charAt(i);
            final boolean fits = wanted == '0' ? Cursor.isDigit(cursor.peek()) : cursor.peek() == wanted;
            if (!fits) {
                throw cursor.error("Expected " + (wanted == '0' ? "a digit" : "'" + wanted + "'")
                        + " in a date YYYY-MM-DDThh:mm:ssZ, but found '" + cursor.shown() + "'");
            }
            cursor.next();
        }
        return new ConfValue.Date(cursor.slice(from), origin);
    }

    /** Goes on as an unquoted string that began at {@code from}; what was passed since holds no escape. */
    private Object bare(final int from, final Origin origin) {
        final StringBuilder text = new StringBuilder(cursor.slice(from));
        boolean isEscaped = false;
        while (!isEnd(cursor.peek()) && cursor.peek() != '\'') {
            final char c = cursor.next();
            isEscaped |= c == '\\';
            text.append(c == '\\' ? escape() : c);
        }
        final String value = Cursor.decode(text);
        if (cursor.peek() == '\'') {
            cursor.next();
            return new ConfValue.Text(value, origin);
        }
        return isEscaped ? new ConfValue.Text(value, origin) : word(value, origin);
    }

    private static Object word(final String value, final Origin origin) {
        final String lower = value.toLowerCase(Locale.ROOT);
        if (TRUE_WORDS.contains(lower)) {
            return new ConfValue.Flag(true, origin);
        }
        if (FALSE_WORDS.contains(lower)) {
            return new ConfValue.Flag(false, origin);
        }
        // A bcrypt hash of this one kind is taken as it is; the other kinds must be quoted.
        return value.startsWith("$") && !value.startsWith("$2a$")
                ? new Reference(value.substring(1), origin)
                : new ConfValue.Text(value, origin);
    }

    private void skipDigits() {
        while (Cursor.isDigit(cursor.peek())) {
            cursor.next();
        }
    }

    private static boolean isUnit(final char c) {
        return c != Cursor.END && UNITS.indexOf(Character.toLowerCase(c)) >= 0;
    }

    private static boolean isEnd(final char c) {
        return switch (c) {
            case Cursor.END, ';', ',', ']', '}' -> true;
            default -> Cursor.isBlank(c) || Cursor.isNewLine(c);
        };
    }
}

package jetstream.server.conf.syntax;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Parses one file (and what it includes) by recursive descent.
 *
 * <p>The grammar is the reference's with one leniency: after a value, blanks on the same line may separate it from
 * the next pair if that one is written with {@code =}, {@code :} or an opening bracket, and blanks may separate two
 * unquoted strings or two maps of an array. Everything else that the reference refuses is refused.
 *
 * @see <a href="https://docs.nats.io/running-a-nats-service/configuration">NATS configuration</a>
 */
public final class ConfParser {

    private static final int INCLUDE_DEPTH_MAX = 32;
    private static final int NESTING_MAX = 256;

    private final String file;
    private final Path directory;
    private final Environment environment;
    private final int includeDepth;
    private final Cursor cursor;
    private final ScalarReader scalars;
    private int nesting;

    private ConfParser(final Source source, final Environment environment, final int includeDepth) {
        this.file = source.file();
        this.directory = source.directory();
        this.environment = environment;
        this.includeDepth = includeDepth;
        this.cursor = new Cursor(file, source.bytes());
        this.scalars = new ScalarReader(cursor);
    }

    private record Source(String file, Path directory, byte[] bytes) {
    }

    /** Looks up environment variables and knows which are being resolved, so that a cycle is found. */
    private record Environment(UnaryOperator<String> variables, Set<String> open) {
    }

    /**
     * Parses a file.
     *
     * @param path      the file; errors name it as given
     * @param variables environment: name to text, null if absent
     * @throws ConfSyntaxException if it can not be read or breaks the grammar
     */
    public static ConfValue.Block parse(final Path path, final UnaryOperator<String> variables) {
        try {
            return parseFile(path, new Environment(variables, new TreeSet<>()), 0);
        } catch (final IOException e) {
            final ConfSyntaxException error = new ConfSyntaxException("open " + path + ": " + reason(e));
            error.initCause(e);
            throw error;
        }
    }

    /** Parses text that is in no file; includes are looked for in the working directory. */
    public static ConfValue.Block parse(final String text, final UnaryOperator<String> variables) {
        return parseText("config", text, new Environment(variables, new TreeSet<>()));
    }

    private static ConfValue.Block parseText(final String name, final String text, final Environment environment) {
        final Source source = new Source(name, Path.of(""), text.getBytes(StandardCharsets.UTF_8));
        return new ConfParser(source, environment, 0).document();
    }

    private static ConfValue.Block parseFile(final Path path, final Environment environment, final int depth)
            throws IOException {
        final Path parent = path.getParent();
        final Source source =
                new Source(path.toString(), parent == null ? Path.of("") : parent, Files.readAllBytes(path));
        return new ConfParser(source, environment, depth).document();
    }

    private static String reason(final IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            default -> Files.isDirectory(Path.of(String.valueOf(e.getMessage()))) ? "is a directory" : e.getMessage();
        };
    }

    private ConfValue.Block document() {
        final Origin start = cursor.origin();
        final Scope scope = new Scope(null);
        while (true) {
            cursor.skipSpacesAndComments();
            if (cursor.peek() == Cursor.END) {
                return new ConfValue.Block(scope.fields(), start);
            }
            if (cursor.peek() == '{') {
                // One outer pair of braces may be around everything, so that JSON parses.
                cursor.next();
            } else if (!isClosingBraceOfDocument()) {
                pair(scope);
                endOfTopLevelValue();
            }
        }
    }

    private boolean isClosingBraceOfDocument() {
        if (cursor.peek() != '}') {
            return false;
        }
        final char after = cursor.peek(1);
        if (after != Cursor.END && !Cursor.isSpace(after)) {
            return false;
        }
        cursor.next();
        return true;
    }

    private void pair(final Scope scope) {
        final Origin origin = cursor.origin();
        if (cursor.peek() == '=' || cursor.peek() == ':') {
            throw cursor.error("Unexpected key separator '" + cursor.shown() + "'");
        }
        final boolean isQuoted = cursor.peek() == '"' || cursor.peek() == '\'';
        final String key = isQuoted ? quotedKey() : bareKey();
        if (!isQuoted && "include".equals(key.toLowerCase(Locale.ROOT)) && Cursor.isSpace(cursor.peek())) {
            include(scope);
            return;
        }
        while (Cursor.isSpace(cursor.peek())) {
            cursor.next();
        }
        if (cursor.peek() == Cursor.END) {
            throw new ConfSyntaxException("config is invalid (" + cursor.origin() + ")");
        }
        if (cursor.peek() == '=' || cursor.peek() == ':') {
            cursor.next();
        }
        scope.put(key, value(scope), origin);
    }

    private String quotedKey() {
        final char quote = cursor.next();
        final int from = cursor.position();
        while (cursor.peek() != quote) {
            if (cursor.next() == Cursor.END) {
                throw cursor.error("Unexpected end of file: quoted key is not closed");
            }
        }
        final String key = cursor.slice(from);
        cursor.next();
        return Cursor.decode(key);
    }

    private String bareKey() {
        final int from = cursor.position();
        while (cursor.peek() != Cursor.END
                && !Cursor.isSpace(cursor.peek())
                && cursor.peek() != '='
                && cursor.peek() != ':') {
            cursor.next();
        }
        return Cursor.decode(cursor.slice(from));
    }

    private ConfValue value(final Scope scope) {
        cursor.skipBlanks();
        if (Cursor.isNewLine(cursor.peek())) {
            throw cursor.error("Expected value but found new line");
        }
        return switch (cursor.peek()) {
            case '{' -> map(scope);
            case '[' -> array(scope);
            default -> scalar(scope);
        };
    }

    private ConfValue scalar(final Scope scope) {
        return switch (scalars.read()) {
            case ConfValue value -> value;
            case ScalarReader.Reference reference -> resolve(reference, scope);
            default -> throw new IllegalStateException("a scalar is a value or a reference");
        };
    }

    private ConfValue map(final Scope outer) {
        final Origin origin = enter();
        final Scope scope = new Scope(outer);
        cursor.skipSpacesAndComments();
        while (cursor.peek() != '}') {
            if (cursor.peek() == Cursor.END) {
                throw cursor.error("Unexpected EOF processing map: '{' of line " + origin.line() + " is not closed");
            }
            if (cursor.peek() == ']') {
                throw cursor.error("Unexpected array end ']' processing map");
            }
            pair(scope);
            endOfMapValue();
        }
        leave();
        return new ConfValue.Block(scope.fields(), origin);
    }

    private ConfValue array(final Scope scope) {
        final Origin origin = enter();
        final List<ConfValue> items = new ArrayList<>();
        cursor.skipSpacesAndComments();
        while (cursor.peek() != ']') {
            if (cursor.peek() == ',') {
                throw cursor.error("Unexpected array value terminator ','");
            }
            if (cursor.peek() == Cursor.END) {
                throw cursor.error("Unexpected EOF processing array: '[' of line " + origin.line() + " is not closed");
            }
            items.add(value(scope));
            endOfArrayValue(items.getLast());
        }
        leave();
        return new ConfValue.Items(items, origin);
    }

    private Origin enter() {
        if (++nesting > NESTING_MAX) {
            throw cursor.error("Maps and arrays are nested deeper than " + NESTING_MAX);
        }
        final Origin origin = cursor.origin();
        cursor.next();
        return origin;
    }

    private void leave() {
        nesting--;
        cursor.next();
    }

    private void endOfTopLevelValue() {
        final boolean isSpaced = skipBlanksAfterValue();
        final char c = cursor.peek();
        if (c == ';' || c == ',' || c == '}') {
            cursor.next();
        } else if (!isEndOfLine(c) && !(isSpaced && atPairWithSeparator())) {
            throw cursor.error("Expected a top-level value to end with a new line, comment or EOF, but got '"
                    + cursor.shown() + "' instead");
        }
    }

    private void endOfMapValue() {
        final boolean isSpaced = skipBlanksAfterValue();
        final char c = cursor.peek();
        if (c == ';' || c == ',') {
            cursor.next();
        } else if (c != '}' && c != Cursor.END && !Cursor.isNewLine(c) && !(isSpaced && atPairWithSeparator())) {
            throw cursor.error("Expected a map value terminator ',' or a map terminator '}', but got '"
                    + cursor.shown() + "' instead");
        }
        cursor.skipSpacesAndComments();
    }

    private void endOfArrayValue(final ConfValue item) {
        final boolean isSpaced = skipBlanksAfterValue();
        final char c = cursor.peek();
        if (c == ',') {
            cursor.next();
        } else if (c != ']' && c != Cursor.END && !Cursor.isNewLine(c) && !(isSpaced && mayFollow(item, c))) {
            throw cursor.error("Expected an array value terminator ',' or an array terminator ']', but got '"
                    + cursor.shown() + "' instead");
        }
        cursor.skipSpacesAndComments();
    }

    /** Skips blanks and a comment after them; says whether there were any. */
    private boolean skipBlanksAfterValue() {
        final int from = cursor.position();
        cursor.skipBlanks();
        if (cursor.atComment()) {
            cursor.skipLine();
        }
        return cursor.position() > from;
    }

    private static boolean isEndOfLine(final char c) {
        return c == Cursor.END || Cursor.isNewLine(c);
    }

    /** The leniency for arrays: maps after maps, unquoted strings after strings. Numbers stay an error. */
    private static boolean mayFollow(final ConfValue item, final char next) {
        return switch (item) {
            case ConfValue.Block block -> next == '{';
            case ConfValue.Text text -> Character.isLetter(next);
            default -> false;
        };
    }

    /**
     * The leniency for pairs: what follows on this line must be a word or a quoted key, and a written separator or
     * bracket.
     */
    private boolean atPairWithSeparator() {
        int ahead = 0;
        final char quote = cursor.peek();
        if (quote == '"' || quote == '\'') {
            ahead++;
            while (cursor.peek(ahead) != quote && !isEndOfLine(cursor.peek(ahead))) {
                ahead++;
            }
            ahead++;
        }
        if (ahead == 0 && !isWordStart(quote)) {
            return false;
        }
        while (isWordStart(cursor.peek(ahead)) || isWordPart(cursor.peek(ahead))) {
            ahead++;
        }
        while (Cursor.isBlank(cursor.peek(ahead))) {
            ahead++;
        }
        final char c = cursor.peek(ahead);
        return c == '=' || c == ':' || c == '{' || c == '[';
    }

    private static boolean isWordStart(final char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$';
    }

    private static boolean isWordPart(final char c) {
        return Cursor.isDigit(c) || c == '-' || c == '.';
    }

    private ConfValue resolve(final ScalarReader.Reference reference, final Scope scope) {
        return scope.resolve(reference.name()).orElseGet(() -> fromEnvironment(reference));
    }

    private ConfValue fromEnvironment(final ScalarReader.Reference reference) {
        final String name = reference.name();
        final String text = environment.variables().apply(name);
        final int line = reference.origin().line();
        if (text == null) {
            throw new ConfSyntaxException(
                    "variable reference for '" + name + "' on line " + line + " can not be found");
        }
        if (!environment.open().add(name)) {
            throw new ConfSyntaxException("variable reference cycle for '" + name + "'");
        }
        try {
            final ConfValue.Block block = parseText("$" + name, "value=" + text, environment);
            return block.fields().get("value").value();
        } catch (final ConfSyntaxException e) {
            final ConfSyntaxException error = new ConfSyntaxException("variable reference for '" + name + "' on line "
                    + line + " could not be parsed: " + e.getMessage());
            error.initCause(e);
            throw error;
        } finally {
            environment.open().remove(name);
        }
    }

    private void include(final Scope scope) {
        cursor.skipBlanks();
        final String name = includedName();
        if (includeDepth == INCLUDE_DEPTH_MAX) {
            throw cursor.error("Includes are nested deeper than " + INCLUDE_DEPTH_MAX);
        }
        final Path path = directory.resolve(name);
        try {
            scope.putAll(
                    HoconFile.isOne(name) ? HoconFile.parse(path) : parseFile(path, environment, includeDepth + 1));
        } catch (final IOException e) {
            throw includeError(name, "open " + path + ": " + reason(e), e);
        } catch (final ConfSyntaxException e) {
            throw includeError(name, e.getMessage(), e);
        }
    }

    private static ConfSyntaxException includeError(final String name, final String text, final Exception cause) {
        final ConfSyntaxException error =
                new ConfSyntaxException("error parsing include file '" + name + "', " + text);
        error.initCause(cause);
        return error;
    }

    private String includedName() {
        return switch (cursor.peek()) {
            case '\'' -> scalars.singleQuoted();
            case '"' -> scalars.doubleQuoted();
            case '\n', '\r', Cursor.END -> throw cursor.error("Expected include value but found new line");
            case '{', '[', '(', '=', ':' ->
                throw cursor.error("Expected include value but found '" + cursor.shown() + "'");
            default -> bareName();
        };
    }

    private String bareName() {
        final int from = cursor.position();
        while (!isEndOfLine(cursor.peek())
                && !Cursor.isBlank(cursor.peek())
                && cursor.peek() != ';'
                && cursor.peek() != '}') {
            cursor.next();
        }
        return Cursor.decode(cursor.slice(from));
    }
}

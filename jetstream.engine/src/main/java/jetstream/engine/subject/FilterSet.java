package jetstream.engine.subject;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The filters of a consumer or request: patterns with {@code *} and {@code >}; none means everything. Immutable.
 */
public final class FilterSet {
    /** Matches everything. */
    public static final FilterSet ALL = new FilterSet(List.of());

    private final List<String> patterns;
    private final byte[][] bytes;
    private final byte[] literal;

    private FilterSet(final List<String> patterns) {
        this.patterns = List.copyOf(patterns);
        bytes = new byte[patterns.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = patterns.get(i).getBytes(StandardCharsets.UTF_8);
        }
        literal = bytes.length == 1 && SubjectMatcher.isLiteral(bytes[0], bytes[0].length) ? bytes[0] : null;
    }

    /** Filters with these patterns; an empty list, or {@code >} among them, matches everything. */
    public static FilterSet of(final List<String> patterns) {
        return patterns.isEmpty() || patterns.contains(">") ? ALL : new FilterSet(patterns);
    }

    /** Whether everything matches. */
    public boolean isAll() {
        return bytes.length == 0;
    }

    /** The patterns; empty if everything matches. */
    public List<String> patterns() {
        return patterns;
    }

    /** The one subject that matches if there are no wildcards, not to be changed; null if more may match. */
    public byte[] literal() {
        return literal;
    }

    /** Whether a literal subject in that range of a buffer matches. Allocation-free. */
    public boolean matches(final ByteBuffer buffer, final int offset, final int length) {
        if (bytes.length == 0) {
            return true;
        }
        for (final byte[] pattern : bytes) {
            if (matches(pattern, buffer, offset, length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(final byte[] pattern, final ByteBuffer subject, final int offset, final int length) {
        int p = 0;
        int s = 0;
        while (p < pattern.length && s < length) {
            final boolean tokenStart = p == 0 || pattern[p - 1] == '.';
            if (tokenStart && pattern[p] == '>' && p + 1 == pattern.length) {
                return true;
            }
            if (tokenStart && pattern[p] == '*' && (p + 1 == pattern.length || pattern[p + 1] == '.')) {
                s = tokenEnd(subject, offset, length, s);
                p++;
            } else if (pattern[p] == subject.get(offset + s)) {
                p++;
                s++;
            } else {
                return false;
            }
        }
        return p == pattern.length && s == length;
    }

    private static int tokenEnd(final ByteBuffer subject, final int offset, final int length, final int from) {
        int at = from;
        while (at < length && subject.get(offset + at) != '.') {
            at++;
        }
        return at;
    }
}

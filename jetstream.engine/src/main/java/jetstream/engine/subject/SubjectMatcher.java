package jetstream.engine.subject;

import java.util.Arrays;

/**
 * Questions about subjects and patterns in their byte form. A subject is a list of non-empty tokens separated by
 * dots; a pattern may also have the whole token {@code *} (any one token) anywhere and {@code >} (one or more tokens)
 * at its end. Pure and without allocation; all ranges are {@code [0, length)} of the given array.
 */
public final class SubjectMatcher {
    private static final byte DOT = '.';
    private static final byte STAR = '*';
    private static final byte REST = '>';

    private SubjectMatcher() {
    }

    /**
     * Tells whether a pattern may be subscribed to: no empty token, no white space, {@code >} only as the last token.
     *
     * @param pattern bytes
     * @param length  number of bytes
     * @return true if valid
     */
    public static boolean isValidPattern(final byte[] pattern, final int length) {
        int position = 0;
        while (true) {
            final int end = tokenEnd(pattern, position, length);
            if (end == position || hasWhiteSpace(pattern, position, end)) {
                return false;
            }
            if (end == length) {
                return true;
            }
            if (isToken(pattern, position, end, REST)) {
                return false;
            }
            position = end + 1;
        }
    }

    /**
     * Tells whether a subject is valid and has no wildcard token.
     *
     * @param subject bytes
     * @param length  number of bytes
     * @return true if it names exactly one subject
     */
    public static boolean isValidLiteral(final byte[] subject, final int length) {
        return isValidPattern(subject, length) && isLiteral(subject, length);
    }

    /**
     * Tells whether no token of a subject is a wildcard. Validity is not looked at.
     *
     * @param subject bytes
     * @param length  number of bytes
     * @return true if there is no wildcard token
     */
    public static boolean isLiteral(final byte[] subject, final int length) {
        for (int i = 0; i < length; i++) {
            final byte b = subject[i];
            if ((b == STAR || b == REST)
                    && (i == 0 || subject[i - 1] == DOT)
                    && (i + 1 == length || subject[i + 1] == DOT)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tells whether every token of a subject has at least one byte.
     *
     * @param subject bytes
     * @param length  number of bytes
     * @return false for the empty subject, a leading, trailing or doubled dot
     */
    public static boolean hasOnlyFullTokens(final byte[] subject, final int length) {
        boolean isDotBefore = true;
        for (int i = 0; i < length; i++) {
            final boolean isDot = subject[i] == DOT;
            if (isDot && isDotBefore) {
                return false;
            }
            isDotBefore = isDot;
        }
        return !isDotBefore;
    }

    /**
     * Counts tokens.
     *
     * @param subject bytes
     * @param length  number of bytes
     * @return number of dots plus one
     */
    public static int tokenCount(final byte[] subject, final int length) {
        int count = 1;
        for (int i = 0; i < length; i++) {
            if (subject[i] == DOT) {
                count++;
            }
        }
        return count;
    }

    /**
     * Tells whether a pattern covers another pattern: each subject that {@code inner} matches is matched by {@code
     * outer}. With a literal {@code inner} this is ordinary matching.
     *
     * @param outer       the wider pattern
     * @param outerLength its number of bytes
     * @param inner       the narrower pattern or a literal
     * @param innerLength its number of bytes
     * @return true if covered
     */
    public static boolean covers(final byte[] outer, final int outerLength, final byte[] inner, final int innerLength) {
        int o = 0;
        int i = 0;
        while (o <= outerLength && i <= innerLength) {
            final int oEnd = tokenEnd(outer, o, outerLength);
            final int iEnd = tokenEnd(inner, i, innerLength);
            if (oEnd == outerLength && isToken(outer, o, oEnd, REST)) {
                return iEnd > i;
            }
            if (iEnd == innerLength && isToken(inner, i, iEnd, REST)) {
                return false;
            }
            if (isToken(outer, o, oEnd, STAR)) {
                if (iEnd == i) {
                    return false;
                }
            } else if (!Arrays.equals(outer, o, oEnd, inner, i, iEnd)) {
                return false;
            }
            o = oEnd + 1;
            i = iEnd + 1;
        }
        return o > outerLength && i > innerLength;
    }

    /**
     * Tells whether some subject is matched by both patterns.
     *
     * @param a       first pattern
     * @param aLength its number of bytes
     * @param b       second pattern
     * @param bLength its number of bytes
     * @return true if they overlap
     */
    public static boolean overlaps(final byte[] a, final int aLength, final byte[] b, final int bLength) {
        int i = 0;
        int j = 0;
        while (i <= aLength && j <= bLength) {
            final int iEnd = tokenEnd(a, i, aLength);
            final int jEnd = tokenEnd(b, j, bLength);
            final boolean isRest = iEnd == aLength && isToken(a, i, iEnd, REST)
                    || jEnd == bLength && isToken(b, j, jEnd, REST);
            if (isRest) {
                return true;
            }
            final boolean isAny = isToken(a, i, iEnd, STAR) || isToken(b, j, jEnd, STAR);
            if (!isAny && !Arrays.equals(a, i, iEnd, b, j, jEnd)) {
                return false;
            }
            i = iEnd + 1;
            j = jEnd + 1;
        }
        return i > aLength && j > bLength;
    }

    private static boolean isToken(final byte[] bytes, final int from, final int to, final byte only) {
        return to - from == 1 && bytes[from] == only;
    }

    private static boolean hasWhiteSpace(final byte[] bytes, final int from, final int to) {
        for (int i = from; i < to; i++) {
            final byte b = bytes[i];
            if (b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == '\f') {
                return true;
            }
        }
        return false;
    }

    private static int tokenEnd(final byte[] bytes, final int from, final int length) {
        int end = from;
        while (end < length && bytes[end] != DOT) {
            end++;
        }
        return end;
    }
}

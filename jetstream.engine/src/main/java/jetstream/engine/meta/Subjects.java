package jetstream.engine.meta;

import java.util.List;

/** Rules about subject patterns. */
public final class Subjects {
    private Subjects() {
    }

    /** Whether some literal subject matches both patterns. */
    public static boolean overlap(final String left, final String right) {
        final String[] a = left.split("\\.", -1);
        final String[] b = right.split("\\.", -1);
        final int common = Math.min(a.length, b.length);
        for (int i = 0; i < common; i++) {
            if (a[i].equals(">") || b[i].equals(">")) {
                return true;
            }
            if (!a[i].equals("*") && !b[i].equals("*") && !a[i].equals(b[i])) {
                return false;
            }
        }
        return a.length == b.length;
    }

    /** Whether a pattern of one list overlaps one of the other. */
    public static boolean anyOverlap(final List<String> left, final List<String> right) {
        return left.stream().anyMatch(a -> right.stream().anyMatch(b -> overlap(a, b)));
    }

    /** Whether every subject that {@code pattern} matches is matched by {@code cover}. */
    public static boolean isCovered(final String pattern, final String cover) {
        final String[] p = pattern.split("\\.", -1);
        final String[] c = cover.split("\\.", -1);
        for (int i = 0; i < c.length; i++) {
            if (c[i].equals(">")) {
                return p.length > i;
            }
            if (i >= p.length || p[i].equals(">") || !c[i].equals("*") && !c[i].equals(p[i])) {
                return false;
            }
        }
        return p.length == c.length;
    }

    /** Whether it is a pattern: tokens without blanks, none empty, {@code >} only as the last. */
    public static boolean isValid(final String subject) {
        if (subject.isEmpty() || subject.chars().anyMatch(c -> c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
            return false;
        }
        final String[] tokens = subject.split("\\.", -1);
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i].isEmpty() || tokens[i].equals(">") && i < tokens.length - 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is a valid subject without wildcards. */
    public static boolean isLiteral(final String subject) {
        if (!isValid(subject)) {
            return false;
        }
        for (final String token : subject.split("\\.", -1)) {
            if (token.equals("*") || token.equals(">")) {
                return false;
            }
        }
        return true;
    }
}

package jetstream.api;

/**
 * Checks that are always on. A broken one is our bug: the group stops, is reported and heals from its peers (STYLE 9).
 */
public final class Invariant {
    private Invariant() {
    }

    /** Thrown when an invariant does not hold. */
    public static final class Violation extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Violation(final String message) {
            super(message);
        }
    }

    /** Checks a fact without values. */
    public static void check(final boolean holds, final String message) {
        if (!holds) {
            throw new Violation(message);
        }
    }

    /** Checks a fact about one number; costs a branch when it holds. */
    public static void check(final boolean holds, final String message, final long value) {
        if (!holds) {
            throw new Violation(message + ": " + value);
        }
    }

    /** Checks a fact about two numbers; costs a branch when it holds. */
    public static void check(final boolean holds, final String message, final long left, final long right) {
        if (!holds) {
            throw new Violation(message + ": " + left + ", " + right);
        }
    }
}

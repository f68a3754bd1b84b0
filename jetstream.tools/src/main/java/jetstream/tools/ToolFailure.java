package jetstream.tools;

/** What the operator asked for can not be done; the message says what, where, and what to do. */
final class ToolFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Exit code: 1, could not be done; 2, was not understood. */
    private final int exitCode;

    ToolFailure(final int exitCode, final String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}

package jetstream.server.conf.syntax;

/** A file that does not follow the grammar, or can not be read. The message is complete: what and where. */
public final class ConfSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An error that needs no place beyond what its message says. */
    public ConfSyntaxException(final String message) {
        super(message);
    }

    static ConfSyntaxException at(final Origin origin, final String message) {
        return new ConfSyntaxException(
                "Parse error on line " + origin.line() + ": '" + message + "' (" + origin + ")");
    }
}

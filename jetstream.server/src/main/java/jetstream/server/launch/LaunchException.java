package jetstream.server.launch;

/** A server can not start for a reason outside of it: a port in use, a directory that can not be written. */
public final class LaunchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message is the last line of the log, {@code [FTL] message}. */
    public LaunchException(final String message, final Throwable cause) {
        super(message, cause);
    }
}

package jetstream.server.conf.cli;

/** A command line that can not be read. As the reference does, the usage follows and the process ends with 0. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(final String message) {
        super(message);
    }
}

package jetstream.api.transport;

import jetstream.api.OperatingException;

/** An operating error of a transport. */
public final class TransportException extends OperatingException {
    private static final long serialVersionUID = 1L;

    /** Says what was tried, at which address, and why it failed. */
    public TransportException(final String message, final Throwable cause) {
        super(message, cause);
    }
}

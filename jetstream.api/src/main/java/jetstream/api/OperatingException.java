package jetstream.api;

/** Base of errors of operation (disk full, damaged record, peer gone): unchecked, sealed per SPI (STYLE 9). */
public abstract class OperatingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error that says what, where, which values and what happens next. */
    protected OperatingException(final String message, final Throwable cause) {
        super(message, cause);
    }
}

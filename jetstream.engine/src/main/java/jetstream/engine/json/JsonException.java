package jetstream.engine.json;

/** JSON that cannot be used; the message is what goes behind {@code invalid JSON: } in error 10025. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong, in the words clients of the protocol know. */
    public JsonException(final String message) {
        super(message);
    }
}

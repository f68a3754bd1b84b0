package jetstream.api.error;

/**
 * An error as it is answered: returned, not thrown across agents.
 *
 * @param error the row of the table
 * @param description its text with the gaps filled
 */
public record ApiFailure(ApiError error, String description) {
    /** HTTP-like code. */
    public int code() {
        return error.code();
    }

    /** The number that clients compare. */
    public int errCode() {
        return error.errCode();
    }
}

package jetstream.engine.meta;

import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/**
 * What a check gives: the configuration with its defaults filled in, or the error.
 *
 * @param config checked configuration; null on failure
 * @param failure the error; null on success
 */
public record Checked<C>(C config, ApiFailure failure) {
    static <C> Checked<C> ok(final C config) {
        return new Checked<>(config, null);
    }

    static <C> Checked<C> failed(final ApiFailure failure) {
        return new Checked<>(null, failure);
    }

    static <C> Checked<C> invalid(final String text) {
        return failed(ApiError.STREAM_INVALID_CONFIG.with(text));
    }
}

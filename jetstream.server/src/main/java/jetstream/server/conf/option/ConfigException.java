package jetstream.server.conf.option;

import java.util.List;

/** A configuration that can not be used. Every line of the message is one complete error. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One error. */
    public ConfigException(final String message) {
        super(message);
    }

    /** One error with its cause. */
    public ConfigException(final String message, final Throwable cause) {
        super(message, cause);
    }

    ConfigException(final List<String> lines) {
        super(String.join("\n", lines));
    }
}

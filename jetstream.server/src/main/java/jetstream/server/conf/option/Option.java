package jetstream.server.conf.option;

import java.util.List;

/**
 * One key of a configuration block.
 *
 * @param key      the name in documents and messages
 * @param aliases  other names of the same key
 * @param kind     what its value looks like
 * @param fallback the default as text; empty if there is none
 * @param status   whether it is honoured, and whether a reload may change it
 * @param sentence what it does; for refused options what is missing
 */
record Option(
        String key, List<String> aliases, Kind kind, String fallback, Status status, String sentence) {

    /** What a value looks like. */
    enum Kind {
        FLAG("true or false"),
        COUNT("a whole number"),
        SIZE("a size such as 65536 or 64MB"),
        DURATION("a duration such as \"2m\" or 10s"),
        SECONDS("seconds or a duration such as \"2s\""),
        TEXT("a string"),
        TEXTS("a string or an array of strings"),
        ADDRESS("a port or \"host:port\""),
        BLOCK("a map"),
        OTHER("of another shape");

        private final String description;

        Kind(final String description) {
            this.description = description;
        }

        String description() {
            return description;
        }
    }

    /** Whether a key is honoured. What a reload may change is {@code ReloadCheck}'s to say; the two must agree. */
    enum Status {
        /** Honoured; a reload may change it. */
        RELOADABLE,
        /** Honoured; fixed at start. */
        FIXED,
        /** A key of the reference that is not supported yet: refused by name unless it is set to "off". */
        REFUSED
    }
}

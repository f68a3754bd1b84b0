package jetstream.server.monitor;

import java.util.List;
import java.util.Map;

/**
 * Arguments of a monitoring request, from a URL or from the JSON of a system request. Wrong values are refused with the
 * text of the reference.
 *
 * @param values values by name
 */
record Query(Map<String, List<String>> values) {
    /** A value that can not be used; the message is the answer. */
    static final class BadQuery extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadQuery(final String message) {
            super(message);
        }
    }

    String text(final String name) {
        final List<String> found = values.get(name);
        return found == null || found.isEmpty() ? "" : found.getFirst();
    }

    boolean has(final String name) {
        return !text(name).isEmpty();
    }

    boolean flag(final String name) {
        return switch (text(name)) {
            case "", "0", "f", "F", "false", "FALSE", "False" -> false;
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            default -> throw new BadQuery("Error decoding boolean for '" + name + "': strconv.ParseBool: parsing \""
                    + text(name) + "\": invalid syntax");
        };
    }

    int number(final String name, final int absent) {
        final String text = text(name);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            return Integer.parseInt(text);
        } catch (final NumberFormatException e) {
            throw new BadQuery("Error decoding int for '" + name + "': strconv.Atoi: parsing \"" + text
                    + "\": invalid syntax");
        }
    }
}

package jetstream.server.conf.option;

import java.util.ArrayList;
import java.util.List;
import jetstream.server.conf.syntax.Origin;

/** Collects everything that is wrong with a file, so that one run shows it all. */
final class Problems {

    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void error(final Origin origin, final String text) {
        errors.add(origin + ": " + text);
    }

    void warning(final Origin origin, final String text) {
        warnings.add(origin + ": " + text);
    }

    void warning(final String text) {
        warnings.add(text);
    }

    List<String> errors() {
        return errors;
    }

    List<String> warnings() {
        return warnings;
    }
}

package jetstream.server.conf.syntax;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The keys read so far of a map that is still open, inside those of the maps around it. */
final class Scope {

    private final Scope outer;
    private final Map<String, ConfValue.Field> fields = new LinkedHashMap<>();

    Scope(final Scope outer) {
        this.outer = outer;
    }

    void put(final String key, final ConfValue value, final Origin origin) {
        // A repeated key stays where it was first written, but its value is the last one.
        fields.put(key, new ConfValue.Field(key, value, origin, false));
    }

    void putAll(final ConfValue.Block included) {
        fields.putAll(included.fields());
    }

    Map<String, ConfValue.Field> fields() {
        return fields;
    }

    /** Finds a variable from the innermost map outwards and marks its key as used. */
    Optional<ConfValue> resolve(final String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            final ConfValue.Field field = scope.fields.get(name);
            if (field != null) {
                scope.fields.put(name, new ConfValue.Field(name, field.value(), field.origin(), true));
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }
}

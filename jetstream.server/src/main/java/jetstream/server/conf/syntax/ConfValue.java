package jetstream.server.conf.syntax;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One value of a parsed file. Immutable. */
public sealed interface ConfValue {

    /** Where the value starts. */
    Origin origin();

    /** The type's name for error messages, with its article. */
    String kind();

    /** A string, quoted or not. */
    record Text(String text, Origin origin) implements ConfValue {
        @Override
        public String kind() {
            return "a string";
        }
    }

    /** A whole number, its size suffix already applied. */
    record Whole(long number, Origin origin) implements ConfValue {
        @Override
        public String kind() {
            return "an integer";
        }
    }

    /** A number with a decimal point. */
    record Real(double number, Origin origin) implements ConfValue {
        @Override
        public String kind() {
            return "a float";
        }
    }

    /** An unquoted true, false, yes, no, on or off. */
    record Flag(boolean isSet, Origin origin) implements ConfValue {
        @Override
        public String kind() {
            return "a boolean";
        }
    }

    /** An unquoted {@code YYYY-MM-DDThh:mm:ssZ}. */
    record Date(String text, Origin origin) implements ConfValue {
        @Override
        public String kind() {
            return "a date";
        }
    }

    /** An array. */
    record Items(List<ConfValue> items, Origin origin) implements ConfValue {

        /** Copies the list. */
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "an array";
        }
    }

    /** A map in the order of the file; of a repeated key the last value stays. */
    record Block(Map<String, Field> fields, Origin origin) implements ConfValue {

        /** Copies the map, keeps its order. */
        public Block {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public String kind() {
            return "a map";
        }

        /** The fields in the order of the file. */
        public Collection<Field> all() {
            return fields.values();
        }
    }

    /**
     * One key of a map.
     *
     * @param key            as written
     * @param value          its value
     * @param origin         where the key starts
     * @param usedAsVariable some value refers to it; it may then have a name that no option has
     */
    record Field(String key, ConfValue value, Origin origin, boolean usedAsVariable) {
    }
}

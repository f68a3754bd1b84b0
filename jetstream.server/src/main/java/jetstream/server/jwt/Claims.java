package jetstream.server.jwt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON object of a JWT, read once. What has another type than is asked for counts as absent. Immutable. */
public final class Claims {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DEPTH_MAX = 20;

    /** No claims. */
    public static final Claims NONE = new Claims(Map.of());

    private final Map<?, ?> fields;

    private Claims(final Map<?, ?> fields) {
        this.fields = fields;
    }

    /**
     * Reads an object.
     *
     * @throws IOException if the bytes are not one JSON object
     */
    static Claims parse(final byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            return new Claims(object(parser, 1));
        }
    }

    private static Map<String, Object> object(final JsonParser parser, final int depth) throws IOException {
        final Map<String, Object> all = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName();
            all.put(name, value(parser, parser.nextToken(), depth));
        }
        return all;
    }

    private static Object value(final JsonParser parser, final JsonToken token, final int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new IOException("nested too deeply");
        }
        return switch (token) {
            case START_OBJECT -> object(parser, depth + 1);
            case START_ARRAY -> {
                final List<Object> all = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    all.add(value(parser, next, depth + 1));
                }
                yield all;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> Optional.empty();
            default -> parser.getText();
        };
    }

    /** Names of the fields in their order. */
    public List<String> names() {
        return fields.keySet().stream().map(Object::toString).toList();
    }

    /** Whether there is such a field that is not null. */
    public boolean has(final String name) {
        return fields.containsKey(name) && !Optional.empty().equals(fields.get(name));
    }

    /** Text of a field, or empty. */
    public String text(final String name) {
        return fields.get(name) instanceof final String text ? text : "";
    }

    /** Number of a field, or the fallback. */
    public long number(final String name, final long fallback) {
        return fields.get(name) instanceof final Number number ? number.longValue() : fallback;
    }

    /** Flag of a field, or false. */
    public boolean flag(final String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /** Strings of an array, or none. */
    public List<String> texts(final String name) {
        return fields.get(name) instanceof final List<?> list
                ? list.stream().filter(String.class::isInstance).map(Object::toString).toList()
                : List.of();
    }

    /** Inner object, or one without fields. */
    public Claims object(final String name) {
        return fields.get(name) instanceof final Map<?, ?> map ? new Claims(map) : NONE;
    }

    /** Objects of an array, or none. */
    public List<Claims> objects(final String name) {
        return fields.get(name) instanceof final List<?> list
                ? list.stream().filter(Map.class::isInstance).map(map -> new Claims((Map<?, ?>) map)).toList()
                : List.of();
    }
}

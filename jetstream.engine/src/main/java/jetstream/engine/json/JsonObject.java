package jetstream.engine.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A parsed JSON object, read key by key. Keys that nobody asked for can be refused afterwards ({@link #rejectUnknown}):
 * that is the strict mode of spec/jetstream-api.md section 1.2. Not thread safe.
 */
public final class JsonObject {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, Object> members;
    private final Set<String> asked = new HashSet<>();
    private final List<JsonObject> children = new ArrayList<>();

    private JsonObject(final Map<String, Object> members) {
        this.members = members;
    }

    /**
     * Parses a text that is one object.
     *
     * @throws JsonException if it is not
     */
    public static JsonObject parse(final byte[] json) {
        return parse(json, 0, json.length);
    }

    /** Parses a range of bytes that is one object. */
    public static JsonObject parse(final byte[] json, final int offset, final int length) {
        try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
            if (parser.nextToken() == null) {
                throw new JsonException("unexpected end of JSON input");
            }
            final Object value = value(parser);
            if (value instanceof final Map<?, ?> map) {
                return of(map);
            }
            throw new JsonException("json: cannot unmarshal " + kind(value) + " into Go value of type object");
        } catch (final JsonEOFException e) {
            throw new JsonException("unexpected EOF");
        } catch (final JsonProcessingException e) {
            throw new JsonException("invalid character: " + e.getOriginalMessage());
        } catch (final IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    /** Parses a text that is one object. */
    public static JsonObject parse(final String json) {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether there are no members. */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** Whether the member is there and not null. */
    public boolean has(final String key) {
        asked.add(key);
        return members.get(key) != null;
    }

    /** A string; {@code absent} if it is missing or null. */
    public String string(final String key, final String absent) {
        final Object value = ask(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof final String text) {
            return text;
        }
        throw mismatch(key, value, "string");
    }

    /** An integer; {@code absent} if it is missing or null. */
    public long integer(final String key, final long absent) {
        final Object value = ask(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof final Long number) {
            return number;
        }
        throw mismatch(key, value, "int64");
    }

    /** A 32-bit integer; {@code absent} if it is missing or null. */
    public int integer32(final String key, final int absent) {
        final long value = integer(key, absent);
        if (value != (int) value) {
            throw mismatch(key, value, "int32");
        }
        return (int) value;
    }

    /** A boolean; {@code absent} if it is missing or null. */
    public boolean bool(final String key, final boolean absent) {
        final Object value = ask(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof final Boolean flag) {
            return flag;
        }
        throw mismatch(key, value, "bool");
    }

    /** A point in time, RFC 3339; null if it is missing, null or the zero time. */
    public Instant time(final String key) {
        final String text = string(key, null);
        if (text == null || text.startsWith("0001-01-01T00:00:00")) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (final DateTimeException e) {
            throw new JsonException("parsing time \"" + text + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse");
        }
    }

    /** Strings; empty if missing. */
    public List<String> strings(final String key) {
        final List<String> strings = new ArrayList<>();
        for (final Object value : list(key)) {
            if (!(value instanceof final String text)) {
                throw mismatch(key, value, "string");
            }
            strings.add(text);
        }
        return strings;
    }

    /** Integers; empty if missing. */
    public List<Long> integers(final String key) {
        final List<Long> integers = new ArrayList<>();
        for (final Object value : list(key)) {
            if (!(value instanceof final Long number)) {
                throw mismatch(key, value, "int64");
            }
            integers.add(number);
        }
        return integers;
    }

    /** An object; null if missing. */
    public JsonObject object(final String key) {
        final Object value = ask(key);
        if (value == null) {
            return null;
        }
        return child(key, value);
    }

    /** Objects; empty if missing. */
    public List<JsonObject> objects(final String key) {
        final List<JsonObject> objects = new ArrayList<>();
        for (final Object value : list(key)) {
            objects.add(child(key, value));
        }
        return objects;
    }

    /** A map of strings; empty if missing. */
    public Map<String, String> stringMap(final String key) {
        final Object value = ask(key);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof final Map<?, ?> map)) {
            throw mismatch(key, value, "map[string]string");
        }
        final Map<String, String> strings = new LinkedHashMap<>();
        for (final Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getValue() instanceof final String text)) {
                throw mismatch(key, entry.getValue(), "string");
            }
            strings.put((String) entry.getKey(), text);
        }
        return strings;
    }

    /** Every member as JSON again, by key. */
    public Map<String, byte[]> rawMembers() {
        final Map<String, byte[]> raw = new LinkedHashMap<>();
        members.forEach((key, value) -> raw.put(key, JsonText.encode(value)));
        return raw;
    }

    /** Refuses members that nobody asked for, here and in the objects taken from here. */
    public void rejectUnknown() {
        for (final String key : members.keySet()) {
            if (!asked.contains(key)) {
                throw new JsonException("json: unknown field \"" + key + "\"");
            }
        }
        children.forEach(JsonObject::rejectUnknown);
    }

    private Object ask(final String key) {
        asked.add(key);
        return members.get(key);
    }

    private List<?> list(final String key) {
        final Object value = ask(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof final List<?> list) {
            return list;
        }
        throw mismatch(key, value, "array");
    }

    private JsonObject child(final String key, final Object value) {
        if (!(value instanceof final Map<?, ?> map)) {
            throw mismatch(key, value, "object");
        }
        final JsonObject object = of(map);
        children.add(object);
        return object;
    }

    private static JsonObject of(final Map<?, ?> map) {
        final Map<String, Object> members = new LinkedHashMap<>();
        map.forEach((key, value) -> members.put((String) key, value));
        return new JsonObject(members);
    }

    private static JsonException mismatch(final String key, final Object value, final String wanted) {
        return new JsonException(
                "json: cannot unmarshal " + kind(value) + " into Go struct field " + key + " of type " + wanted);
    }

    private static String kind(final Object value) {
        return switch (value) {
            case null -> "null";
            case final String text -> "string";
            case final Boolean flag -> "bool";
            case final Map<?, ?> map -> "object";
            case final List<?> list -> "array";
            default -> "number " + value;
        };
    }

    private static Object value(final JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> throw new JsonException("unexpected " + parser.currentToken());
        };
    }

    private static Object integer(final JsonParser parser) throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            if (parser.getBigIntegerValue().bitLength() <= 64 && parser.getBigIntegerValue().signum() > 0) {
                return parser.getBigIntegerValue().longValue();
            }
            return parser.getBigIntegerValue();
        }
        return parser.getLongValue();
    }

    private static Map<String, Object> object(final JsonParser parser) throws IOException {
        final Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String key = parser.currentName();
            parser.nextToken();
            map.put(key, value(parser));
        }
        return map;
    }

    private static List<Object> array(final JsonParser parser) throws IOException {
        final List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser));
        }
        return list;
    }
}

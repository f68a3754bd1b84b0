package jetstream.engine.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes JSON as the protocol has it: {@code <}, {@code >} and {@code &} escaped, times in RFC 3339 with nanoseconds
 * and {@code Z}. Chain of calls; not thread safe.
 */
public final class JsonText {
    /** The zero time, as absent points in time are written. */
    public static final String ZERO_TIME = "0001-01-01T00:00:00Z";

    private static final JsonFactory FACTORY = new JsonFactoryBuilder().characterEscapes(new HtmlSafe())
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();
    private static final DateTimeFormatter RFC3339 =
            new DateTimeFormatterBuilder().appendPattern("uuuu-MM-dd'T'HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true).appendLiteral('Z').toFormatter()
                    .withZone(ZoneOffset.UTC);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final JsonGenerator out;

    private JsonText(final boolean pretty) {
        try {
            out = FACTORY.createGenerator(bytes);
        } catch (final IOException e) {
            throw memory(e);
        }
        if (pretty) {
            final DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            out.setPrettyPrinter(new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(lines).withArrayIndenter(lines));
        }
    }

    /** An object whose members the body writes, on one line. */
    public static byte[] object(final Consumer<JsonText> body) {
        return write(false, body);
    }

    /** An object whose members the body writes, indented by two blanks. */
    public static byte[] prettyObject(final Consumer<JsonText> body) {
        return write(true, body);
    }

    /** RFC 3339 with as many decimals as are needed, UTC. */
    public static String time(final Instant instant) {
        return instant == null ? ZERO_TIME : RFC3339.format(instant);
    }

    /** RFC 3339 of epoch nanoseconds; 0 is the zero time. */
    public static String time(final long epochNs) {
        return epochNs == 0 ? ZERO_TIME
                : time(Instant.ofEpochSecond(Math.floorDiv(epochNs, 1_000_000_000L),
                        Math.floorMod(epochNs, 1_000_000_000L)));
    }

    /** JSON of what {@link JsonObject} parsed: maps, lists, texts, numbers, booleans and null. */
    static byte[] encode(final Object value) {
        final JsonText text = new JsonText(false);
        try {
            text.element(value);
            text.out.close();
        } catch (final IOException e) {
            throw memory(e);
        }
        return text.bytes.toByteArray();
    }

    private void element(final Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case final Map<?, ?> map -> {
                out.writeStartObject();
                for (final Map.Entry<?, ?> entry : map.entrySet()) {
                    out.writeFieldName((String) entry.getKey());
                    element(entry.getValue());
                }
                out.writeEndObject();
            }
            case final Collection<?> list -> {
                out.writeStartArray();
                for (final Object element : list) {
                    element(element);
                }
                out.writeEndArray();
            }
            case final String text -> out.writeString(text);
            case final Boolean flag -> out.writeBoolean(flag);
            case final Long number -> out.writeNumber(number);
            case final Double number -> out.writeNumber(number);
            case final BigInteger number -> out.writeNumber(number);
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    private static byte[] write(final boolean pretty, final Consumer<JsonText> body) {
        final JsonText text = new JsonText(pretty);
        try {
            text.out.writeStartObject();
            body.accept(text);
            text.out.writeEndObject();
            text.out.close();
        } catch (final IOException e) {
            throw memory(e);
        }
        return text.bytes.toByteArray();
    }

    /** A string member. */
    public JsonText put(final String key, final String value) {
        return run(() -> out.writeStringField(key, value));
    }

    /** An integer member. */
    public JsonText put(final String key, final long value) {
        return run(() -> out.writeNumberField(key, value));
    }

    /** A floating-point member. */
    public JsonText put(final String key, final double value) {
        return run(() -> out.writeNumberField(key, value));
    }

    /** A boolean member. */
    public JsonText put(final String key, final boolean value) {
        return run(() -> out.writeBooleanField(key, value));
    }

    /** A string member unless it is null or empty. */
    public JsonText opt(final String key, final String value) {
        return value == null || value.isEmpty() ? this : put(key, value);
    }

    /** An integer member unless it is 0. */
    public JsonText opt(final String key, final long value) {
        return value == 0 ? this : put(key, value);
    }

    /** A boolean member if it is true. */
    public JsonText opt(final String key, final boolean value) {
        return value ? put(key, true) : this;
    }

    /** A point in time unless it is null. */
    public JsonText opt(final String key, final Instant value) {
        return value == null ? this : put(key, time(value));
    }

    /** An object member. */
    public JsonText object(final String key, final Consumer<JsonText> body) {
        return run(() -> {
            out.writeObjectFieldStart(key);
            body.accept(this);
            out.writeEndObject();
        });
    }

    /** An array of strings. */
    public JsonText strings(final String key, final Collection<String> values) {
        return run(() -> {
            out.writeArrayFieldStart(key);
            for (final String value : values) {
                out.writeString(value);
            }
            out.writeEndArray();
        });
    }

    /** An array of integers. */
    public JsonText integers(final String key, final Collection<Long> values) {
        return run(() -> {
            out.writeArrayFieldStart(key);
            for (final long value : values) {
                out.writeNumber(value);
            }
            out.writeEndArray();
        });
    }

    /** An array of objects, each written by the body. */
    public <T> JsonText objects(final String key, final Collection<T> values, final ObjectBody<T> body) {
        return run(() -> {
            out.writeArrayFieldStart(key);
            for (final T value : values) {
                out.writeStartObject();
                body.write(this, value);
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    /** An object of strings. */
    public JsonText map(final String key, final Map<String, String> values) {
        return object(key, o -> values.forEach(o::put));
    }

    /** A null member. */
    public JsonText nothing(final String key) {
        return run(() -> out.writeNullField(key));
    }

    /** A member whose value is JSON already. */
    public JsonText raw(final String key, final byte[] json) {
        return run(() -> {
            out.writeFieldName(key);
            out.writeRawValue(new String(json, StandardCharsets.UTF_8));
        });
    }

    /** An array of objects that are JSON already. */
    public JsonText rawObjects(final String key, final Collection<byte[]> values) {
        return run(() -> {
            out.writeArrayFieldStart(key);
            for (final byte[] json : values) {
                out.writeRawValue(new String(json, StandardCharsets.UTF_8));
            }
            out.writeEndArray();
        });
    }

    /** Writes one element of an array. */
    @FunctionalInterface
    public interface ObjectBody<T> {
        /** Writes the members of {@code value}. */
        void write(JsonText text, T value);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private JsonText run(final Step step) {
        try {
            step.run();
        } catch (final IOException e) {
            throw memory(e);
        }
        return this;
    }

    private static IllegalStateException memory(final IOException e) {
        return new IllegalStateException("writing to memory failed", e);
    }

    /** Escapes what HTML would take for its own, as the reference does. */
    private static final class HtmlSafe extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        // In lower case, as the reference writes them.
        private static final SerializedString LESS = new SerializedString("\\u003c");
        private static final SerializedString GREATER = new SerializedString("\\u003e");
        private static final SerializedString AND = new SerializedString("\\u0026");
        private static final SerializedString LINE = new SerializedString("\\u2028");
        private static final SerializedString PARAGRAPH = new SerializedString("\\u2029");

        private final int[] escapes;

        HtmlSafe() {
            escapes = CharacterEscapes.standardAsciiEscapesForJSON();
            escapes['<'] = CharacterEscapes.ESCAPE_CUSTOM;
            escapes['>'] = CharacterEscapes.ESCAPE_CUSTOM;
            escapes['&'] = CharacterEscapes.ESCAPE_CUSTOM;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return escapes.clone();
        }

        @Override
        public SerializableString getEscapeSequence(final int character) {
            return switch (character) {
                case '<' -> LESS;
                case '>' -> GREATER;
                case '&' -> AND;
                case '\u2028' -> LINE;
                case '\u2029' -> PARAGRAPH;
                default -> null; // asked for every character beyond ASCII: they stay as they are
            };
        }
    }
}

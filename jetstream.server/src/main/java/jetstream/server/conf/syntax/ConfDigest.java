package jetstream.server.conf.syntax;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names a configuration by its content: SHA-256 of the parsed map as one line of JSON with sorted keys, so that
 * comments and layout do not matter. The reference does the same, to the byte.
 */
public final class ConfDigest {

    private ConfDigest() {
    }

    /** {@code sha256:} and 64 hexadecimal digits. */
    public static String of(final ConfValue.Block block) {
        try {
            final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            final StringBuilder json = new StringBuilder(1024);
            append(block, json);
            json.append('\n');
            final byte[] digest = sha256.digest(json.toString().getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void append(final ConfValue value, final StringBuilder json) {
        switch (value) {
            case ConfValue.Text text -> quote(text.text(), json);
            case ConfValue.Date date -> quote(date.text(), json);
            case ConfValue.Whole whole -> json.append(whole.number());
            case ConfValue.Real real -> json.append(number(real.number()));
            case ConfValue.Flag flag -> json.append(flag.isSet());
            case ConfValue.Items items -> appendItems(items, json);
            case ConfValue.Block block -> appendBlock(block, json);
        }
    }

    private static String number(final double value) {
        final BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        return value == 0 ? "0" : exact.toPlainString();
    }

    private static void appendItems(final ConfValue.Items items, final StringBuilder json) {
        json.append('[');
        final Iterator<ConfValue> each = items.items().iterator();
        while (each.hasNext()) {
            append(each.next(), json);
            json.append(each.hasNext() ? "," : "");
        }
        json.append(']');
    }

    private static void appendBlock(final ConfValue.Block block, final StringBuilder json) {
        final Map<String, ConfValue> sorted = new TreeMap<>();
        for (final ConfValue.Field field : block.all()) {
            sorted.put(field.key(), field.value());
        }
        json.append('{');
        final Iterator<Map.Entry<String, ConfValue>> each = sorted.entrySet().iterator();
        while (each.hasNext()) {
            final Map.Entry<String, ConfValue> entry = each.next();
            quote(entry.getKey(), json);
            json.append(':');
            append(entry.getValue(), json);
            json.append(each.hasNext() ? "," : "");
        }
        json.append('}');
    }

    private static void quote(final String text, final StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                default -> plain(c, json);
            }
        }
        json.append('"');
    }

    private static void plain(final char c, final StringBuilder json) {
        // The reference's encoder also escapes what could end a script element.
        final boolean isEscaped = c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
        if (isEscaped) {
            json.append(String.format("\\u%04x", (int) c));
        } else {
            json.append(c);
        }
    }
}

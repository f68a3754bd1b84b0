package jetstream.transport.aeron;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jetstream.api.transport.TransportException;

/**
 * Reads the plug-in's settings, which come as text. A key that nobody asked for is an error, like a value out of range.
 */
final class SettingsReader {
    private static final String PREFIX = "jetstream.transport.aeron.";
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15})\\s*([a-zA-Z]*)");

    private final Map<String, String> settings;
    private final Set<String> asked = new HashSet<>();

    SettingsReader(final Map<String, String> settings) {
        this.settings = settings;
    }

    String text(final String key, final String absent) {
        asked.add(key);
        return settings.getOrDefault(key, absent);
    }

    /** Bytes: {@code 65536}, {@code 64k}, {@code 4MB}, {@code 1MiB}. */
    int bytes(final String key, final int absent, final int least, final int most) {
        final String text = text(key, null);
        if (text == null) {
            return absent;
        }
        final Matcher matcher = match(key, text);
        final long unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1;
            case "k", "kb", "kib" -> 1 << 10;
            case "m", "mb", "mib" -> 1 << 20;
            default -> throw refusal(key, text, "a number of bytes such as 65536, 64k or 1m");
        };
        return (int) inRange(key, text, Long.parseLong(matcher.group(1)) * unit, least, most);
    }

    /** A length of a term buffer: a power of two from 64 KiB to 64 MiB. */
    int termLength(final String key, final int absent) {
        final int length = bytes(key, absent, 64 << 10, 64 << 20);
        if (Integer.bitCount(length) != 1) {
            throw refusal(key, settings.get(key), "a power of two from 64k to 64m");
        }
        return length;
    }

    /** A duration: {@code 50ms}, {@code 2s}, {@code 100us}; without a unit milliseconds. */
    long durationNs(final String key, final long absentNs, final long leastNs, final long mostNs) {
        final String text = text(key, null);
        if (text == null) {
            return absentNs;
        }
        final Matcher matcher = match(key, text);
        final TimeUnit unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "us" -> TimeUnit.MICROSECONDS;
            case "", "ms" -> TimeUnit.MILLISECONDS;
            case "s" -> TimeUnit.SECONDS;
            default -> throw refusal(key, text, "a duration such as 50ms or 2s");
        };
        return inRange(key, text, unit.toNanos(Long.parseLong(matcher.group(1))), leastNs, mostNs);
    }

    /** Fails if there is a setting that was not asked for. */
    void conclude() {
        for (final String key : settings.keySet()) {
            if (!asked.contains(key)) {
                throw new TransportException("unknown setting " + PREFIX + key + "; known are "
                        + asked.stream().sorted()
                                .toList(),
                        null);
            }
        }
    }

    private static Matcher match(final String key, final String text) {
        final Matcher matcher = NUMBER.matcher(text.trim());
        if (!matcher.matches()) {
            throw refusal(key, text, "a number with an optional unit");
        }
        return matcher;
    }

    private static long inRange(final String key, final String text, final long value, final long least,
            final long most) {
        if (value < least || value > most) {
            throw refusal(key, text, "from " + least + " to " + most);
        }
        return value;
    }

    private static TransportException refusal(final String key, final String text, final String allowed) {
        return new TransportException(PREFIX + key + " is " + text + "; allowed is " + allowed, null);
    }
}

package jetstream.store.file;

import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Settings of the file store, frozen.
 *
 * @param segmentLength bytes of a segment file
 * @param spareSegments emptied segment files that are kept for use as new ones
 * @param minFreeBytes room on the medium that appends leave alone
 * @param maxBytes upper bound of the bytes in segments, {@code Long.MAX_VALUE} for none
 * @param inlineCheckpointMax largest image in bytes that is kept in the log itself
 * @param lowRoomBytes room, beyond that which is left alone, below which publishes should be refused
 * @param cleanRate bytes per second that the cleaner moves at the most
 * @param garbageMaxPercent share of dead bytes in sealed segments above which the cleaner works
 * @param scrubRate bytes per second that are read again to find damage, 0 for none
 * @param keys encryption at rest
 * @param codec of sealed segments
 */
record FileStoreConfig(int segmentLength, int spareSegments, long minFreeBytes, long maxBytes,
        int inlineCheckpointMax, long lowRoomBytes, long cleanRate, int garbageMaxPercent, long scrubRate,
        KeySettings keys, SegmentCodec codec) {
    private static final String PREFIX = "jetstream.store.file.";
    private static final Map<String, Long> DEFAULTS = Map.of(
            "segment_length", 64L << 20,
            "spare_segments", 4L,
            "min_free", 64L << 20,
            "max_bytes", 0L,
            "inline_checkpoint_max", 16L << 10,
            "low_room", 64L << 20,
            "clean_rate", 16L << 20,
            "garbage_max_percent", 50L,
            "scrub_rate", 1L << 20,
            "key_iterations", 600_000L);

    private static final Set<String> TEXTS = Set.of("key", "prev_key", "cipher", "compression");

    static FileStoreConfig of(final StoreContext context) {
        final Map<String, String> settings = context.settings();
        for (final String key : settings.keySet()) {
            if (!DEFAULTS.containsKey(key) && !TEXTS.contains(key)) {
                throw new StoreException.Refused(PREFIX + key + " is not a setting; known: "
                        + Stream.concat(DEFAULTS.keySet().stream(), TEXTS.stream()).sorted().toList(),
                        null);
            }
        }
        final long maxBytes = number(settings, "max_bytes", 0, Long.MAX_VALUE);
        return new FileStoreConfig(
                (int) (number(settings, "segment_length", 4 << 10, 1 << 30) & -BlockLayout.ALIGNMENT),
                (int) number(settings, "spare_segments", 0, 1_000),
                number(settings, "min_free", 0, Long.MAX_VALUE),
                maxBytes == 0 ? Long.MAX_VALUE : maxBytes,
                (int) number(settings, "inline_checkpoint_max", 0, 1 << 20),
                number(settings, "low_room", 0, Long.MAX_VALUE),
                number(settings, "clean_rate", 0, 1L << 40),
                (int) number(settings, "garbage_max_percent", 1, 99),
                number(settings, "scrub_rate", 0, 1L << 40),
                KeySettings.of(settings, (int) number(settings, "key_iterations", 1_000, 100_000_000)),
                codec(settings.getOrDefault("compression", "none")));
    }

    private static SegmentCodec codec(final String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "none", "off", "false" -> SegmentCodec.NONE;
            case "s2" -> SegmentCodec.S2;
            case "zstd" -> SegmentCodec.ZSTD;
            default -> throw new StoreException.Refused(
                    PREFIX + "compression is " + text + "; allowed are none, s2 and zstd", null);
        };
    }

    private static long number(final Map<String, String> settings, final String key, final long min, final long max) {
        final String text = settings.get(key);
        if (text == null) {
            return DEFAULTS.get(key);
        }
        try {
            final long value = Long.parseLong(text.trim());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (final NumberFormatException e) {
            throw refused(key, text, min, max);
        }
        throw refused(key, text, min, max);
    }

    private static StoreException refused(final String key, final String text, final long min, final long max) {
        return new StoreException.Refused(
                PREFIX + key + " is " + text + "; allowed is a number from " + min + " to " + max, null);
    }
}

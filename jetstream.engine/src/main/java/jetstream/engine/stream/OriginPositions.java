package jetstream.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a sourced stream has come with each of its origins: the last sequence that was taken, also of messages that
 * are gone meanwhile. Replicated state: changed by apply alone, part of the checkpoint. Owner: the shard thread.
 */
final class OriginPositions {
    private static final int PARTS_MIN = 5;

    private final Map<String, Long> byOrigin = new TreeMap<>();

    /** Name of an origin here: stream, filters and targets, as its header has them. */
    static String key(final String name, final String filters, final String targets) {
        return name + ' ' + filters + ' ' + targets;
    }

    /** A message was taken or recognised; its headers say where it came from. */
    void onTaken(final HeaderScanner headers) {
        final byte[] value = new byte[headers.length(HeaderField.STREAM_SOURCE)];
        headers.buffer().get(headers.offset(HeaderField.STREAM_SOURCE), value);
        final String[] parts = new String(value, StandardCharsets.UTF_8).split(" ");
        if (parts.length < PARTS_MIN) {
            return;
        }
        try {
            byOrigin.merge(key(parts[0], parts[2], parts[3]), Long.parseLong(parts[1]), Math::max);
        } catch (final NumberFormatException e) {
            // The leader writes this header; one that it did not write names no origin.
            return;
        }
    }

    /** Last sequence taken from an origin; 0 if none was. */
    long lastTaken(final String key) {
        return byOrigin.getOrDefault(key, 0L);
    }

    /** Nothing is written as long as there is nothing: images of other streams stay as they were. */
    void write(final ImageWriter out) {
        if (!byOrigin.isEmpty()) {
            out.number(byOrigin.size());
            byOrigin.forEach((key, seq) -> {
                final byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
                out.bytes(bytes, bytes.length);
                out.number(seq);
            });
        }
    }

    void read(final ImageReader in) {
        byOrigin.clear();
        if (in.hasRemaining()) {
            final long count = in.number();
            for (long i = 0; i < count; i++) {
                final String key = new String(in.bytes(), StandardCharsets.UTF_8);
                byOrigin.put(key, in.number());
            }
        }
    }
}

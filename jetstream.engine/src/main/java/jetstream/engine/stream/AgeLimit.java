package jetstream.engine.stream;

import java.util.Arrays;
import jetstream.api.config.StreamConfig;

/**
 * What happens when time goes on (DESIGN D3): messages that are older than {@code max_age}, or whose own time to live
 * is over, go; never early, for time comes from the log only. Where delete markers are wanted the last message of a
 * subject stays until its marker replaces it, so that there is no moment without either (ADR 0062).
 */
final class AgeLimit {
    /** Two time entries lie at least this far apart. */
    private static final long GRANULARITY_NS = 100_000_000L;

    private final StreamContents contents;
    private final StoredMessages messages;
    private final MessageExpiry expiry;
    private long[] waiting = new long[4];
    /** No live message below it can grow too old. A cache: starting from 0 leads to the same. */
    private long cursor;
    private long lastTimeEpochNs;

    AgeLimit(final StreamContents contents) {
        this.contents = contents;
        messages = contents.messages();
        expiry = contents.expiry();
    }

    /** All messages are looked at again: the configuration is another. */
    void restart() {
        cursor = 0;
    }

    /** Time is now that. */
    void expire(final StreamConfig config, final long nowEpochNs) {
        lastTimeEpochNs = Math.max(lastTimeEpochNs, nowEpochNs);
        expireByTtl(config, nowEpochNs);
        if (config.maxAgeNs() > 0) {
            if (expiry.size() == 0 && config.subjectDeleteMarkerTtlNs() <= 0) {
                expireInOneGo(config, nowEpochNs);
            } else {
                expireByAge(config, nowEpochNs);
            }
        }
    }

    /** No message is an exception: all up to the first that is young enough go at once. */
    private void expireInOneGo(final StreamConfig config, final long nowEpochNs) {
        long seq = messages.first();
        long below = 0;
        while (seq != 0 && nowEpochNs - messages.timeOf(seq) >= config.maxAgeNs()) {
            below = seq + 1;
            seq = messages.sequences().nextLive(seq + 1);
        }
        if (below != 0) {
            contents.removeBelow(below, RemovalReason.AGE);
        }
        cursor = seq;
    }

    private void expireByTtl(final StreamConfig config, final long nowEpochNs) {
        int count = 0;
        for (long seq = expiry.pollDue(nowEpochNs); seq != 0; seq = expiry.pollDue(nowEpochNs)) {
            if (wantsMarker(config, seq)) {
                if (count == waiting.length) {
                    waiting = Arrays.copyOf(waiting, count * 2);
                }
                waiting[count++] = seq;
            } else {
                contents.remove(seq, RemovalReason.AGE);
            }
        }
        for (int i = 0; i < count; i++) {
            expiry.unpoll(waiting[i]);
            contents.listener().onMarkerDue(waiting[i]);
        }
    }

    private void expireByAge(final StreamConfig config, final long nowEpochNs) {
        long held = 0;
        long seq = messages.sequences().nextLive(cursor);
        while (seq != 0) {
            final long end = expiry.endOf(seq);
            if (end != MessageExpiry.NEVER) {
                if (nowEpochNs - messages.timeOf(seq) < config.maxAgeNs()) {
                    break;
                }
                if (!wantsMarker(config, seq)) {
                    contents.remove(seq, RemovalReason.AGE);
                } else {
                    held = held == 0 ? seq : held;
                    if (end == 0 || end > nowEpochNs) {
                        contents.listener().onMarkerDue(seq);
                    }
                }
            }
            seq = messages.sequences().nextLive(seq + 1);
        }
        cursor = held != 0 ? held : seq;
    }

    private boolean wantsMarker(final StreamConfig config, final long seq) {
        return config.subjectDeleteMarkerTtlNs() > 0 && !messages.isUnmarked(seq)
                && messages.subjects().count(messages.subjectOf(seq)) == 1;
    }

    /** When the next message will be too old; {@link Long#MAX_VALUE} if none will. */
    long nextEpochNs(final StreamConfig config) {
        long next = expiry.nextEnd();
        if (config.maxAgeNs() > 0) {
            long seq = messages.sequences().nextLive(cursor);
            while (seq != 0 && expiry.endOf(seq) == MessageExpiry.NEVER) {
                seq = messages.sequences().nextLive(seq + 1);
            }
            if (seq != 0) {
                cursor = seq;
                next = Math.min(next, messages.timeOf(seq) + config.maxAgeNs());
            }
        }
        return next == Long.MAX_VALUE ? next : Math.max(next, lastTimeEpochNs + GRANULARITY_NS);
    }

    void write(final ImageWriter out) {
        out.fixed(lastTimeEpochNs);
    }

    void read(final ImageReader in) {
        lastTimeEpochNs = in.fixed();
        cursor = 0;
    }
}

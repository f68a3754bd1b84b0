package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryType;
import jetstream.engine.stream.MessageView;
import jetstream.engine.stream.PublishLayout;
import jetstream.engine.stream.StreamReader;
import jetstream.engine.subject.FilterSet;

/** A stream in memory: each message is an entry of its own batch, as it would lie in a log. */
final class MemoryStream implements StreamReader {
    private final List<EntryBatch> entries = new ArrayList<>();
    private final MessageView view = new MessageView();
    private long firstSeq = 1;
    private int scanLimit = Integer.MAX_VALUE;

    /** Stores a message; its sequence. */
    long publish(final String subject, final String headers, final String payload, final long epochNs) {
        final byte[] s = bytes(subject);
        final byte[] h = bytes(headers);
        final byte[] p = bytes(payload);
        final EntryBatch batch = new EntryBatch(64);
        final int length = PublishLayout.bodyLength(s.length, h.length, p.length);
        final int at = batch.begin(EntryType.APPLICATION, (byte) 0, epochNs, length);
        final ByteBuffer buffer = batch.buffer();
        buffer.putShort(at, (short) s.length);
        buffer.putInt(at + 2, h.length);
        buffer.put(at + PublishLayout.FIXED_LENGTH, s);
        buffer.put(at + PublishLayout.FIXED_LENGTH + s.length, h);
        buffer.put(at + PublishLayout.FIXED_LENGTH + s.length + h.length, p);
        batch.end(length);
        entries.add(batch);
        return entries.size();
    }

    long publish(final String subject) {
        return publish(subject, "", "payload", entries.size() + 1);
    }

    /** Removes a message. */
    void remove(final long seq) {
        entries.set((int) seq - 1, null);
        while (firstSeq <= entries.size() && entries.get((int) firstSeq - 1) == null) {
            firstSeq++;
        }
    }

    /** Lets {@link #next} stop after so many messages that do not match. */
    void scanLimit(final int limit) {
        scanLimit = limit;
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long firstSeq() {
        return firstSeq;
    }

    @Override
    public long lastSeq() {
        return entries.size();
    }

    @Override
    public long next(final FilterSet filter, final long fromSeq) {
        int examined = 0;
        for (long seq = Math.max(firstSeq, fromSeq); seq <= entries.size(); seq++) {
            if (matches(filter, seq)) {
                return seq;
            }
            if (++examined >= scanLimit) {
                return -(seq + 1);
            }
        }
        return 0;
    }

    private boolean matches(final FilterSet filter, final long seq) {
        return message(seq, view) && filter.matches(view.buffer(), view.subjectOffset(), view.subjectLength());
    }

    @Override
    public boolean message(final long seq, final MessageView into) {
        if (seq < 1 || seq > entries.size() || entries.get((int) seq - 1) == null) {
            return false;
        }
        into.entry().wrap(entries.get((int) seq - 1).buffer(), 0);
        into.wrap(seq);
        return true;
    }

    @Override
    public long pending(final FilterSet filter, final long fromSeq) {
        long count = 0;
        for (long seq = Math.max(1, fromSeq); seq <= entries.size(); seq++) {
            count += matches(filter, seq) ? 1 : 0;
        }
        return count;
    }

    @Override
    public long last(final FilterSet filter) {
        for (long seq = entries.size(); seq > 0; seq--) {
            if (matches(filter, seq)) {
                return seq;
            }
        }
        return 0;
    }

    @Override
    public long seqAtTime(final long epochNs) {
        for (long seq = firstSeq; seq <= entries.size(); seq++) {
            if (message(seq, view) && view.timestampEpochNs() >= epochNs) {
                return seq;
            }
        }
        return entries.size() + 1;
    }

    @Override
    public long[] lastPerSubject(final FilterSet filter) {
        final Map<String, Long> last = new TreeMap<>();
        for (long seq = 1; seq <= entries.size(); seq++) {
            if (matches(filter, seq)) {
                final byte[] subject = new byte[view.subjectLength()];
                view.buffer().get(view.subjectOffset(), subject);
                last.put(new String(subject, StandardCharsets.UTF_8), seq);
            }
        }
        return last.values().stream().sorted(Comparator.naturalOrder()).mapToLong(Long::longValue).toArray();
    }
}

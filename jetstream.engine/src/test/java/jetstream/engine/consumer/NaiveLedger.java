package jetstream.engine.consumer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import jetstream.api.entry.EntryView;

/** What the entries of a consumer mean, written with maps and without a thought for speed. */
final class NaiveLedger {
    /** A pending message. */
    record Row(long consumerSeq, int count) {
    }

    final TreeMap<Long, Row> pending = new TreeMap<>();
    final TreeSet<Long> exhausted = new TreeSet<>();
    final List<Long> done = new ArrayList<>();
    private int resets;
    long consumerSeq;
    long streamSeq;
    long floorConsumerSeq;
    long floorStreamSeq;

    void apply(final byte[] entry) {
        final EntryView view = new EntryView().wrap(ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN), 0);
        final RowReader in = new RowReader().wrap(view.buffer(), view.bodyOffset(), view.bodyLength());
        final long first = in.fixed();
        switch (view.type()) {
            case ConsumerEntries.START -> {
                streamSeq = first - 1;
                floorStreamSeq = first - 1;
            }
            case ConsumerEntries.DELIVERED -> {
                if (view.flags() >> 1 == resets) {
                    delivered(in, first, (view.flags() & ConsumerEntries.TRACKED) != 0);
                }
            }
            case ConsumerEntries.ACKED -> acked(in);
            case ConsumerEntries.RESET -> reset(first);
            default -> {}
        }
    }

    private void reset(final long wanted) {
        final long next = wanted == 0 ? floorStreamSeq + 1 : wanted;
        pending.clear();
        exhausted.clear();
        consumerSeq = 0;
        streamSeq = next - 1;
        floorConsumerSeq = 0;
        floorStreamSeq = next - 1;
        resets++;
    }

    private void delivered(final RowReader in, final long first, final boolean tracked) {
        consumerSeq = first - 1;
        while (in.hasMore()) {
            final long seq = in.startRow(1);
            final int count = in.kind() == 1 ? (int) in.number() : 1;
            consumerSeq++;
            streamSeq = Math.max(streamSeq, seq);
            if (!tracked) {
                done.add(seq);
                floorConsumerSeq = consumerSeq;
                floorStreamSeq = streamSeq;
            } else if (count == 1) {
                pending.put(seq, new Row(consumerSeq, 1));
            } else {
                pending.computeIfPresent(seq, (key, row) -> new Row(row.consumerSeq, count));
            }
        }
    }

    private void acked(final RowReader in) {
        while (in.hasMore()) {
            final long seq = in.startRow(3);
            if (in.kind() == ConsumerEntries.ACK_ALL) {
                ackAll(seq, in.number());
                continue;
            }
            final boolean wasPending = pending.remove(seq) != null;
            if (in.kind() == ConsumerEntries.EXHAUSTED) {
                if (wasPending) {
                    exhausted.add(seq);
                }
            } else if (wasPending | exhausted.remove(seq)) {
                done.add(seq);
            }
            if (wasPending) {
                floorConsumerSeq = pending.isEmpty() ? consumerSeq
                        : Math.max(floorConsumerSeq, pending.firstEntry().getValue().consumerSeq - 1);
                floorStreamSeq =
                        pending.isEmpty() ? streamSeq : Math.max(floorStreamSeq, pending.firstKey() - 1);
            }
        }
    }

    private void ackAll(final long seq, final long ackedConsumerSeq) {
        if (seq <= floorStreamSeq || seq > streamSeq) {
            return;
        }
        done.addAll(pending.headMap(seq, true).keySet());
        done.addAll(exhausted.headSet(seq, true));
        pending.headMap(seq, true).clear();
        exhausted.headSet(seq, true).clear();
        floorStreamSeq = seq;
        final long bound = pending.isEmpty() ? consumerSeq : pending.firstEntry().getValue().consumerSeq - 1;
        floorConsumerSeq = Math.max(floorConsumerSeq, Math.min(bound, ackedConsumerSeq));
    }

    long redelivered() {
        return exhausted.size() + pending.values().stream().filter(row -> row.count > 1).count();
    }
}

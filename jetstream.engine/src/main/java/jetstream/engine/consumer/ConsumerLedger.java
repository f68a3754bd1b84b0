package jetstream.engine.consumer;

import jetstream.api.Invariant;
import jetstream.api.entry.EntryView;

/**
 * The replicated state of a consumer: what was delivered, what waits for an ack, how far everything is acknowledged.
 * Changed only by {@link #apply}, from the entry alone, so that every member holds the same (DESIGN D2). Owner: the
 * shard thread.
 *
 * <p>Invariants: L1 consumer sequences are given without gaps. L2 the ack floor never passes what was delivered and
 * falls only at a reset. L3 no pending message lies at or below the floor. L4 a message is pending or exhausted,
 * never both.
 */
final class ConsumerLedger {
    private final PendingTable pending = new PendingTable();
    private final ExhaustedMessages exhausted = new ExhaustedMessages();
    private final OpenRequests requests = new OpenRequests();
    private final RowReader rows = new RowReader();
    private final ConsumerListener listener;

    private boolean started;
    private long generation;
    private long deliveredConsumerSeq;
    private long deliveredStreamSeq;
    private long deliveredEpochNs;
    private long floorConsumerSeq;
    private long floorStreamSeq;
    private long ackedEpochNs;
    private long scannedSeq;
    private long resumeSeq;
    private long[] lastPerSubject = {};
    private long pausedUntilEpochNs;

    ConsumerLedger(final ConsumerListener listener) {
        this.listener = listener;
    }

    /** Whether the starting point is known. */
    boolean isStarted() {
        return started;
    }

    PendingTable pending() {
        return pending;
    }

    ExhaustedMessages exhausted() {
        return exhausted;
    }

    OpenRequests requests() {
        return requests;
    }

    long deliveredConsumerSeq() {
        return deliveredConsumerSeq;
    }

    /** Largest stream sequence delivered; one before the start if none was. */
    long deliveredStreamSeq() {
        return deliveredStreamSeq;
    }

    /** Time of the last delivery; 0 if there was none. */
    long deliveredEpochNs() {
        return deliveredEpochNs;
    }

    long floorConsumerSeq() {
        return floorConsumerSeq;
    }

    long floorStreamSeq() {
        return floorStreamSeq;
    }

    /** Time of the last ack; 0 if there was none. */
    long ackedEpochNs() {
        return ackedEpochNs;
    }

    /** First sequence that may still have to be delivered for the first time. */
    long nextSeq() {
        return Math.max(deliveredStreamSeq + 1, scannedSeq);
    }

    /** From this sequence on every message counts again; 0 if the list of last messages per subject is not in use. */
    long resumeSeq() {
        return resumeSeq;
    }

    /** Messages to deliver before {@link #resumeSeq}; ascending, not to be changed. */
    long[] lastPerSubject() {
        return lastPerSubject;
    }

    /** When a pause ends; 0 if none was ordered through the log. */
    long pausedUntilEpochNs() {
        return pausedUntilEpochNs;
    }

    /** Number of messages redelivered and not acknowledged, those that gave out among them. */
    int redelivered() {
        return pending.redelivered() + exhausted.size();
    }

    /** Whether this consumer may still deliver, or waits for an ack of, a message. Says nothing about its filters. */
    boolean needs(final long streamSeq) {
        return streamSeq > deliveredStreamSeq || pending.contains(streamSeq) || exhausted.contains(streamSeq);
    }

    /** Number of resets so far. */
    long generation() {
        return generation;
    }

    /** Applies DELIVERED; the number of its rows, 0 if a reset has overtaken it. */
    int applyDelivered(final EntryView entry) {
        if (!ConsumerEntries.isOfGeneration(entry.flags(), generation)) {
            return 0;
        }
        rows.wrap(entry.buffer(), entry.bodyOffset(), entry.bodyLength());
        final boolean tracked = (entry.flags() & ConsumerEntries.TRACKED) != 0;
        final long epochNs = entry.timestampEpochNs();
        long consumerSeq = rows.fixed();
        int count = 0;
        while (rows.hasMore()) {
            final long seq = rows.startRow(ConsumerEntries.DELIVERED_KIND_BITS);
            final int deliveries = rows.kind() == 0 ? 1 : (int) rows.number();
            delivered(consumerSeq++, seq, deliveries, epochNs, tracked);
            count++;
        }
        deliveredEpochNs = epochNs;
        return count;
    }

    private void delivered(final long consumerSeq, final long seq, final int deliveries, final long epochNs,
            final boolean tracked) {
        Invariant.check(consumerSeq == deliveredConsumerSeq + 1, "L1: consumer sequence", consumerSeq,
                deliveredConsumerSeq);
        deliveredConsumerSeq = consumerSeq;
        if (!tracked) {
            deliveredStreamSeq = Math.max(deliveredStreamSeq, seq);
            floorConsumerSeq = consumerSeq;
            floorStreamSeq = deliveredStreamSeq;
            listener.onAcked(seq);
        } else if (deliveries == 1) {
            Invariant.check(seq > deliveredStreamSeq, "new delivery behind the last", seq, deliveredStreamSeq);
            deliveredStreamSeq = seq;
            pending.add(seq, consumerSeq, epochNs, 1);
        } else {
            final int position = pending.find(seq);
            if (position >= 0) {
                pending.update(position, epochNs, deliveries);
            }
        }
    }

    /** Applies ACKED. */
    void applyAcked(final EntryView entry, final boolean isLeader) {
        rows.wrap(entry.buffer(), entry.bodyOffset(), entry.bodyLength());
        rows.fixed();
        boolean acked = false;
        while (rows.hasMore()) {
            final long seq = rows.startRow(ConsumerEntries.ACKED_KIND_BITS);
            switch (rows.kind()) {
                case ConsumerEntries.ACK, ConsumerEntries.TERMINATED -> {
                    ack(seq);
                    acked = true;
                }
                case ConsumerEntries.ACK_ALL -> {
                    ackAll(seq, rows.number());
                    acked = true;
                }
                case ConsumerEntries.EXHAUSTED -> exhaust(seq, isLeader);
                default -> Invariant.check(false, "kind of ack", rows.kind());
            }
        }
        if (acked) {
            ackedEpochNs = entry.timestampEpochNs();
        }
    }

    private void ack(final long seq) {
        if (pending.remove(seq)) {
            raiseFloor();
            listener.onAcked(seq);
        } else if (exhausted.remove(seq)) {
            listener.onAcked(seq);
        }
    }

    private void ackAll(final long seq, final long consumerSeq) {
        if (seq <= floorStreamSeq || seq > deliveredStreamSeq) {
            return;
        }
        while (pending.size() > 0 && pending.firstSeq() <= seq) {
            final long first = pending.firstSeq();
            pending.remove(first);
            listener.onAcked(first);
        }
        exhausted.removeUpTo(seq, listener);
        final long bound = pending.size() == 0 ? deliveredConsumerSeq : pending.firstRowConsumerSeq() - 1;
        floorConsumerSeq = Math.max(floorConsumerSeq, Math.min(consumerSeq, bound));
        floorStreamSeq = seq;
    }

    private void exhaust(final long seq, final boolean isLeader) {
        final int position = pending.find(seq);
        if (position < 0) {
            return;
        }
        final int deliveries = pending.countAt(position);
        pending.removeAt(position);
        exhausted.add(seq, deliveries);
        raiseFloor();
        if (isLeader) {
            listener.onMaxDeliveries(seq, deliveries);
        }
    }

    /** The floor follows the first pending message, or what was delivered if none is pending. */
    private void raiseFloor() {
        if (pending.size() == 0) {
            floorConsumerSeq = deliveredConsumerSeq;
            floorStreamSeq = deliveredStreamSeq;
        } else {
            floorConsumerSeq = Math.max(floorConsumerSeq, pending.firstRowConsumerSeq() - 1);
            floorStreamSeq = Math.max(floorStreamSeq, pending.firstSeq() - 1);
        }
        Invariant.check(floorStreamSeq <= deliveredStreamSeq, "L2: floor", floorStreamSeq, deliveredStreamSeq);
    }

    /** Applies START. A second one, from a leader that did not know of the first, changes nothing. */
    void applyStart(final EntryView entry) {
        if (started) {
            return;
        }
        rows.wrap(entry.buffer(), entry.bodyOffset(), entry.bodyLength());
        final long firstSeq = rows.fixed();
        final long resume = rows.number();
        final int count = (int) rows.number();
        final long[] seqs = new long[count];
        for (int i = 0; i < count; i++) {
            seqs[i] = rows.startRow(0);
        }
        started = true;
        deliveredStreamSeq = firstSeq - 1;
        floorStreamSeq = firstSeq - 1;
        resumeSeq = resume;
        lastPerSubject = seqs;
    }

    /** Applies RESET; the next sequence to deliver. */
    long applyReset(final EntryView entry) {
        final long wanted = entry.buffer().getLong(entry.bodyOffset());
        final long next = wanted == 0 ? floorStreamSeq + 1 : wanted;
        pending.clear();
        exhausted.clear();
        deliveredConsumerSeq = 0;
        deliveredStreamSeq = next - 1;
        floorConsumerSeq = 0;
        floorStreamSeq = next - 1;
        scannedSeq = 0;
        generation++;
        return next;
    }

    /** Applies SCANNED. */
    void applyScanned(final EntryView entry) {
        scannedSeq = Math.max(scannedSeq, entry.buffer().getLong(entry.bodyOffset()));
    }

    /** Applies REQUESTS. */
    void applyRequests(final EntryView entry) {
        rows.wrap(entry.buffer(), entry.bodyOffset(), entry.bodyLength());
        rows.fixed();
        requests.apply(rows);
    }

    /** Delivery pauses until then; 0 to resume. */
    void pauseUntil(final long epochNs) {
        pausedUntilEpochNs = epochNs;
    }

    /** Hash of everything above: equal states have equal hashes. */
    long hash() {
        long hash = PendingTable.mix(deliveredConsumerSeq);
        hash = PendingTable.mix(hash + deliveredStreamSeq);
        hash = PendingTable.mix(hash + deliveredEpochNs);
        hash = PendingTable.mix(hash + floorConsumerSeq);
        hash = PendingTable.mix(hash + floorStreamSeq);
        hash = PendingTable.mix(hash + ackedEpochNs);
        hash = PendingTable.mix(hash + scannedSeq);
        hash = PendingTable.mix(hash + resumeSeq);
        hash = PendingTable.mix(hash + lastPerSubject.length);
        // Not the end of a pause: a member that is opened anew knows it from the assignment, before its entry.
        hash = PendingTable.mix(hash + (started ? 1 : 0));
        hash = PendingTable.mix(hash + generation);
        return PendingTable.mix(hash + pending.hash()) ^ exhausted.hash() ^ requests.hash();
    }

    /** Writes everything above, for {@link #read}. */
    void write(final RowWriter out) {
        out.number(started ? 1 : 0);
        out.number(generation);
        out.number(deliveredConsumerSeq);
        out.number(deliveredStreamSeq);
        out.number(deliveredEpochNs);
        out.number(floorConsumerSeq);
        out.number(floorStreamSeq);
        out.number(ackedEpochNs);
        out.number(scannedSeq);
        out.number(resumeSeq);
        out.number(pausedUntilEpochNs);
        out.number(lastPerSubject.length);
        for (final long seq : lastPerSubject) {
            out.startRow(seq, 0, 0);
        }
        out.number(pending.size());
        pending.forEach((seq, consumerSeq, stamp, count) -> {
            out.startRow(seq, 0, 0);
            out.number(consumerSeq);
            out.number(stamp);
            out.number(count);
        });
        out.number(exhausted.size());
        for (int i = 0; i < exhausted.size(); i++) {
            out.startRow(exhausted.seqAt(i), 0, 0);
            out.number(exhausted.countAt(i));
        }
        requests.write(out);
    }

    /** Replaces everything by what {@link #write} wrote. */
    void read(final RowReader in) {
        started = in.number() == 1;
        generation = in.number();
        deliveredConsumerSeq = in.number();
        deliveredStreamSeq = in.number();
        deliveredEpochNs = in.number();
        floorConsumerSeq = in.number();
        floorStreamSeq = in.number();
        ackedEpochNs = in.number();
        scannedSeq = in.number();
        resumeSeq = in.number();
        pausedUntilEpochNs = in.number();
        lastPerSubject = new long[(int) in.number()];
        for (int i = 0; i < lastPerSubject.length; i++) {
            lastPerSubject[i] = in.startRow(0);
        }
        readRows(in);
    }

    private void readRows(final RowReader in) {
        pending.clear();
        final int pendingRows = (int) in.number();
        for (int i = 0; i < pendingRows; i++) {
            final long seq = in.startRow(0);
            final long consumerSeq = in.number();
            final long stamp = in.number();
            pending.add(seq, consumerSeq, stamp, (int) in.number());
        }
        exhausted.clear();
        final int exhaustedRows = (int) in.number();
        for (int i = 0; i < exhaustedRows; i++) {
            final long seq = in.startRow(0);
            exhausted.add(seq, (int) in.number());
        }
        requests.read(in);
    }
}

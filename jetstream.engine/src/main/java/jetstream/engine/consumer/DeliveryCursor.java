package jetstream.engine.consumer;

import java.util.Arrays;
import jetstream.engine.stream.MessageView;
import jetstream.engine.stream.StreamReader;
import jetstream.engine.subject.FilterSet;

/**
 * Where the leader stands in the stream: the next message to deliver for the first time, and how many there are still.
 * Runs ahead of the ledger by what is proposed and not yet applied. Owner: the shard thread.
 */
final class DeliveryCursor {
    private final StreamReader stream;
    private final MessageView view = new MessageView();
    private FilterSet filter = FilterSet.ALL;
    private long nextSeq = 1;
    private long foundSeq;
    private long resumeSeq;
    private long[] lastPerSubject = {};
    private int listAt;
    private long pending;
    private long countedSeq;
    private boolean isPendingStale = true;
    private boolean isScanCut;

    DeliveryCursor(final StreamReader stream) {
        this.stream = stream;
    }

    /** Goes where the ledger stands. */
    void start(final ConsumerLedger ledger, final FilterSet newFilter) {
        filter = newFilter;
        nextSeq = ledger.nextSeq();
        resumeSeq = ledger.resumeSeq();
        lastPerSubject = ledger.lastPerSubject();
        final int found = Arrays.binarySearch(lastPerSubject, nextSeq);
        listAt = found < 0 ? -found - 1 : found;
        foundSeq = 0;
        isPendingStale = true;
    }

    /** Other filters from here on; the position stays. */
    void filter(final FilterSet newFilter) {
        filter = newFilter;
        foundSeq = 0;
        isPendingStale = true;
    }

    /** First sequence that was not looked at. */
    long nextSeq() {
        return nextSeq;
    }

    /** Whether the last {@link #peek} stopped before the end of the stream. */
    boolean isScanCut() {
        return isScanCut;
    }

    /** The next message to deliver, not taken yet; 0 if there is none now. */
    long peek() {
        isScanCut = false;
        if (foundSeq != 0) {
            return foundSeq;
        }
        if (listAt < lastPerSubject.length) {
            foundSeq = lastPerSubject[listAt];
            return foundSeq;
        }
        if (nextSeq < resumeSeq) {
            nextSeq = resumeSeq;
        }
        if (nextSeq > stream.lastSeq()) {
            return 0;
        }
        final long next = stream.next(filter, nextSeq);
        if (next < 0) {
            nextSeq = -next;
            isScanCut = true;
            return 0;
        }
        if (next == 0) {
            nextSeq = stream.lastSeq() + 1;
            return 0;
        }
        foundSeq = next;
        return next;
    }

    /** Takes what {@link #peek} found. */
    void take() {
        pass();
        pending--;
    }

    /** Passes what {@link #peek} found because it is no longer there. */
    void pass() {
        nextSeq = foundSeq + 1;
        foundSeq = 0;
        if (listAt < lastPerSubject.length) {
            listAt++;
        }
    }

    /** Number of messages still to deliver for the first time. */
    long pending() {
        if (isPendingStale) {
            pending = stream.pending(filter, Math.max(nextSeq, resumeSeq));
            for (int i = listAt; i < lastPerSubject.length; i++) {
                pending += stream.message(lastPerSubject[i], view) ? 1 : 0;
            }
            countedSeq = stream.lastSeq();
            isPendingStale = false;
        }
        return pending;
    }

    /** A message was stored. */
    void onStored(final long seq) {
        if (isPendingStale || seq <= countedSeq) {
            return;
        }
        countedSeq = seq;
        if (seq < nextSeq) {
            // The start may lie in the future.
            return;
        }
        if (filter.isAll()) {
            pending++;
        } else if (stream.message(seq, view)
                && filter.matches(view.buffer(), view.subjectOffset(), view.subjectLength())) {
            pending++;
        }
    }

    /** Messages were removed from the stream: which of them would have matched is not known any more. */
    void onRemoved(final long lastRemovedSeq) {
        if (lastRemovedSeq >= nextSeq) {
            isPendingStale = true;
            foundSeq = 0;
        }
    }
}

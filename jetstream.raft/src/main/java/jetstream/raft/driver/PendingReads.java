package jetstream.raft.driver;

import java.util.ArrayDeque;
import jetstream.api.consensus.ConsensusGroup.ReadHandler;

/** Reads that wait until leadership is confirmed and everything committed before them is applied. */
final class PendingReads {
    private record Read(ReadHandler handler, long round, long index) {
    }

    private final ArrayDeque<Read> waiting = new ArrayDeque<>(1);
    private final ArrayDeque<Read> refused = new ArrayDeque<>(1);
    private long confirmedRound;

    void add(final ReadHandler handler, final long round, final long commitIndex) {
        waiting.add(new Read(handler, round, commitIndex));
    }

    void onConfirmed(final long round, final boolean confirmed) {
        if (confirmed) {
            confirmedRound = round;
        } else {
            confirmedRound = 0;                     // the next leadership counts its rounds anew
            refused.addAll(waiting);
            waiting.clear();
        }
    }

    /** Answers what can be answered now; returns how many. */
    int serve(final long appliedIndex) {
        int served = 0;
        while (!refused.isEmpty()) {
            refused.poll().handler().onReadIndex(false);
            served++;
        }
        while (!waiting.isEmpty() && waiting.peek().round() <= confirmedRound
                && waiting.peek().index() <= appliedIndex) {
            waiting.poll().handler().onReadIndex(true);
            served++;
        }
        return served;
    }
}

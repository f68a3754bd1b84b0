package jetstream.raft.core;

import jetstream.api.Invariant;

/** What a leader knows of one other member. */
final class FollowerProgress {
    /** How entries go to the member. */
    enum Mode {
        /** One append without entries at a time, until the place where the logs part is found. */
        PROBE,
        /** A pipeline of appends, bounded by the bytes under way. */
        STREAM,
        /** The history does not reach back far enough: image and records go by the bulk lane. */
        CATCH_UP
    }

    final long node;
    final ByteWindow inflight = new ByteWindow();
    private Mode mode = Mode.STREAM;
    private long matchIndex;
    private long nextIndex;
    private long sentCommitIndex;
    private long confirmedCommitIndex;
    private long askedRound;
    private long askedCommitIndex;
    private long answeredRound;
    private long heardNs;
    private boolean reachable = true;
    private boolean amnesiac;
    private long readmitIndex;
    private long forgotRound;

    FollowerProgress(final long node, final long nextIndex) {
        this.node = node;
        this.nextIndex = nextIndex;
    }

    /** The process there is another one: nothing that was sent or said before counts. */
    void restart(final long newNextIndex) {
        inflight.clear();
        mode = Mode.PROBE;
        matchIndex = 0;
        nextIndex = newNextIndex;
        sentCommitIndex = 0;
        confirmedCommitIndex = 0;
        askedRound = 0;
        amnesiac = false;
        readmitIndex = 0;
    }

    /** Durable there through that index. */
    void matched(final long index) {
        if (index > matchIndex) {
            matchIndex = index;
            inflight.release(index);
            nextIndex = Math.max(nextIndex, index + 1);
        }
        Invariant.check(nextIndex > matchIndex, "next index behind match", nextIndex, matchIndex);
    }

    /** Refused; {@code hint} is where it may match. False if that is old news. */
    boolean refused(final long hint) {
        final long wanted = Math.min(nextIndex, hint + 1);
        if (hint < matchIndex || mode == Mode.CATCH_UP || mode == Mode.PROBE && wanted == nextIndex) {
            return false;
        }
        nextIndex = wanted;
        mode = Mode.PROBE;
        inflight.clear();
        return true;
    }

    void stream() {
        mode = Mode.STREAM;
    }

    void catchUp() {
        mode = Mode.CATCH_UP;
        inflight.clear();
    }

    void caughtUp(final long index) {
        mode = Mode.PROBE;
        nextIndex = Math.max(matchIndex, index) + 1;
    }

    void sent(final long lastIndex, final int bytes) {
        inflight.add(lastIndex, bytes);
        nextIndex = lastIndex + 1;
    }

    void sentCommit(final long commitIndex) {
        sentCommitIndex = Math.max(sentCommitIndex, commitIndex);
    }

    /** A round was asked that tells the commit index. */
    void asked(final long round, final long commitIndex) {
        askedRound = round;
        askedCommitIndex = commitIndex;
        sentCommit(commitIndex);
    }

    /** It answered that round; a refusal confirms the leadership, not the commit index. */
    void answered(final long round, final boolean accepted) {
        answeredRound = Math.max(answeredRound, round);
        if (accepted && askedRound != 0 && round >= askedRound) {
            confirmedCommitIndex = Math.max(confirmedCommitIndex, askedCommitIndex);
            askedRound = 0;
        }
    }

    void heard(final long nowNs) {
        heardNs = nowNs;
    }

    void reachable(final boolean newReachable) {
        reachable = newReachable;
    }

    /** It says that it lost data; {@code round} is the last one asked of anybody. */
    void forgot(final long round) {
        if (!amnesiac) {
            amnesiac = true;
            forgotRound = round;
            matchIndex = 0;
            readmitIndex = 0;
        }
    }

    /** Whether an answer to that round, without a word of loss, can only come from its life after the loss. */
    boolean isSinceLoss(final long round) {
        return round > forgotRound;
    }

    void readmitAt(final long index) {
        readmitIndex = index;
    }

    void remembered() {
        amnesiac = false;
        readmitIndex = 0;
    }

    /** Whether there is nothing left to tell. */
    boolean isSettled(final long lastIndex, final long commitIndex) {
        return matchIndex >= lastIndex && confirmedCommitIndex >= commitIndex && !amnesiac;
    }

    Mode mode() {
        return mode;
    }

    long matchIndex() {
        return matchIndex;
    }

    /** Match index for the commit rule: what a member says that lost data does not count (I9). */
    long countedIndex() {
        return amnesiac ? 0 : matchIndex;
    }

    long nextIndex() {
        return nextIndex;
    }

    long sentCommitIndex() {
        return sentCommitIndex;
    }

    long answeredRound() {
        return amnesiac ? 0 : answeredRound;
    }

    long heardNs() {
        return heardNs;
    }

    boolean isReachable() {
        return reachable;
    }

    boolean isAmnesiac() {
        return amnesiac;
    }

    long readmitIndex() {
        return readmitIndex;
    }
}

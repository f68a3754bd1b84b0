package jetstream.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import jetstream.api.entry.EntryBatch;
import jetstream.api.frame.RaftFrame;
import jetstream.api.store.GroupLog;
import jetstream.raft.core.CoreConfig;
import jetstream.raft.core.CoreScratch;
import jetstream.raft.core.Membership;
import jetstream.raft.core.RaftCore;
import jetstream.raft.core.RaftEffects;
import jetstream.raft.core.RaftLog;
import jetstream.raft.core.StartState;

/** One member of a group of three in one thread: its core, its log, and the frames that were sent to it. */
final class RaftMember implements RaftEffects, RaftLog {
    private static final int INBOX_FRAMES = 16;
    private static final int PAYLOAD_MAX = 1 << 16;
    private static final int KEPT = 20_000;

    private final RaftMember[] group;
    private final GroupLog log;
    private final RaftCore core;
    private final RaftFrame[] frames = new RaftFrame[INBOX_FRAMES];
    private final long[] senders = new long[INBOX_FRAMES];
    private final int[] lengths = new int[INBOX_FRAMES];
    private final ByteBuffer[] payloads = new ByteBuffer[INBOX_FRAMES];
    private final long id;
    private int head;
    private int tail;
    private boolean hasAppended;
    private boolean hasBallot;
    private long committed;

    RaftMember(final RaftMember[] group, final int id, final long groupId, final GroupLog log,
            final Membership members) {
        this.group = group;
        this.id = id;
        this.log = log;
        for (int i = 0; i < INBOX_FRAMES; i++) {
            payloads[i] = ByteBuffer.allocateDirect(PAYLOAD_MAX).order(ByteOrder.LITTLE_ENDIAN);
        }
        final CoreConfig config = new CoreConfig(groupId, id, 1_000_000_000L, 2_000_000_000L, 100_000_000L, PAYLOAD_MAX,
                1 << 20, 1 << 20);
        core = new RaftCore(config, this, this, new StartState(0, RaftCore.NOBODY, 0, false, members), new Random(id),
                CoreScratch.ofUsualSize());
    }

    RaftCore core() {
        return core;
    }

    long committed() {
        return committed;
    }

    /** Takes the frames that wait, says that everything is durable, ends the cycle. Returns whether there was work. */
    boolean step(final long nowNs) {
        final boolean hasWork = head != tail || hasAppended || hasBallot;
        while (head != tail) {
            final int at = head++ & INBOX_FRAMES - 1;
            core.onFrame(senders[at], frames[at], payloads[at], 0, lengths[at], nowNs);
        }
        if (hasBallot) {
            hasBallot = false;
            core.onBallotForced(nowNs);
        }
        if (hasAppended) {
            hasAppended = false;
            core.onLogForced(log.lastIndex(), nowNs);
        }
        core.flush(nowNs);
        return hasWork;
    }

    private void receive(final long from, final RaftFrame frame, final ByteBuffer payload, final int offset,
            final int length) {
        final int at = tail++ & INBOX_FRAMES - 1;
        senders[at] = from;
        frames[at] = frame;
        lengths[at] = length;
        payloads[at].put(0, payload, offset, length);
    }

    @Override
    public void saveBallot(final long term, final long votedFor) {
        hasBallot = true;
    }

    @Override
    public void append(final EntryBatch entries) {
        log.append(entries);
        hasAppended = true;
    }

    @Override
    public boolean send(final long to, final RaftFrame frame, final ByteBuffer payload, final int offset,
            final int length) {
        group[(int) to - 1].receive(id, frame, payload, offset, length);
        return true;
    }

    @Override
    public void commit(final long index) {
        committed = index;
        if (index - log.firstHistoryIndex() > 2 * KEPT) {
            final long throughIndex = index - KEPT;
            log.free(log.firstHistoryIndex(), throughIndex);
            log.discardHistory(throughIndex);
        }
    }

    @Override
    public void truncateFrom(final long index) {
        log.truncateFrom(index);
    }

    @Override
    public void roleChanged() {
        // The benchmark asks the core.
    }

    @Override
    public void proposalsLost() {
        throw new IllegalStateException("leadership lost");
    }

    @Override
    public void membersChanged(final Membership members) {
        // They do not.
    }

    @Override
    public void catchUp(final long node) {
        throw new IllegalStateException("catch-up wanted");
    }

    @Override
    public void readConfirmed(final long round, final boolean confirmed) {
        // No reads.
    }

    @Override
    public long firstHistoryIndex() {
        return log.firstHistoryIndex();
    }

    @Override
    public long lastIndex() {
        return log.lastIndex();
    }

    @Override
    public long termAt(final long index) {
        return log.termAt(index);
    }

    @Override
    public int read(final long fromIndex, final int limitBytes, final EntryBatch into) {
        return log.read(fromIndex, limitBytes, into);
    }
}

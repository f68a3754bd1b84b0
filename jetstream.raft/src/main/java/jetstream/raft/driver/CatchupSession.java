package jetstream.raft.driver;

import java.nio.ByteBuffer;
import java.util.Optional;
import jetstream.api.Invariant;
import jetstream.api.NodeId;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.api.frame.RaftFrame;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.GroupLog;
import jetstream.api.transport.PeerLink;

/**
 * Sends one member the newest checkpoint's image and then the live records up to its index, in numbered pieces with a window;
 * what gets no answer is sent again from the first piece that is missing.
 */
final class CatchupSession {
    private static final int LOOKUPS_PER_PIECE_MAX = 65_536;
    private static final long NOT_STARTED = -1;

    private final RaftDriver driver;
    private final RaftGroup group;
    private final long node;
    private final EntryBatch records;
    private final EntryView view = new EntryView();
    /** For every piece in the window: the first record index in it, or {@link #NOT_STARTED} for a piece of the image. */
    private final long[] starts;
    private Checkpoint checkpoint;
    private int imagePieces;
    private long wantedPiece;
    private long nextPiece;
    private long nextRecord = 1;
    private boolean sentLast;
    private long progressNs;

    CatchupSession(final RaftDriver driver, final RaftGroup group, final long node, final EntryBatch records) {
        this.driver = driver;
        this.group = group;
        this.node = node;
        this.records = records;
        this.starts = new long[driver.config().catchupWindowPieces() + 1];
        this.progressNs = driver.nowNs();
    }

    boolean isOf(final RaftGroup candidate, final long candidateNode) {
        return group == candidate && node == candidateNode;
    }

    RaftGroup group() {
        return group;
    }

    long checkpointIndex() {
        return checkpoint == null ? Long.MAX_VALUE : checkpoint.index();
    }

    void onReply(final RaftFrame.CatchupReply reply) {
        if (checkpoint == null || reply.checkpointIndex() != checkpoint.index() || reply.offset() > nextPiece) {
            return;
        }
        if (reply.offset() < wantedPiece) {
            if (reply.offset() == 0) {
                restart();                          // it lost what it had, or follows again after something else
            }
        } else if (reply.offset() > wantedPiece) {
            wantedPiece = reply.offset();
            progressNs = driver.nowNs();
        }
    }

    /** Sends pieces up to about that many bytes; returns how many bytes. */
    int send(final long nowNs, final int budgetBytes) {
        if (checkpoint == null && !load()) {
            return 0;
        }
        if (wantedPiece < nextPiece && nowNs - progressNs >= 2 * driver.config().retryIntervalNs()) {
            goBack();
            progressNs = nowNs;
        }
        int sent = 0;
        while (!sentLast && nextPiece - wantedPiece < driver.config().catchupWindowPieces() && sent < budgetBytes) {
            final int bytes = nextPiece < imagePieces ? sendImage() : sendRecords();
            if (bytes < 0) {
                return sent;
            }
            sent += bytes + 1;
        }
        return sent;
    }

    private boolean load() {
        final Optional<Checkpoint> latest = group.config.store().checkpoints().latest(group.config.group());
        if (latest.isEmpty() || latest.get().index() < group.log().firstHistoryIndex() - 1) {
            group.checkpoint();                     // one that fits the history will be there soon
            return false;
        }
        checkpoint = latest.get();
        final int pieceBytes = driver.config().catchupPieceBytes();
        imagePieces = Math.max(1, (checkpoint.image().limit() + pieceBytes - 1) / pieceBytes);
        driver.info(group.config.name() + ": sends its image of index " + checkpoint.index() + " to "
                + new NodeId(node));
        return true;
    }

    private int sendImage() {
        final int pieceBytes = driver.config().catchupPieceBytes();
        final ByteBuffer image = checkpoint.image();
        final int from = (int) nextPiece * pieceBytes;
        final int length = Math.min(pieceBytes, image.limit() - from);
        return offer(RaftFrame.Catchup.IMAGE, 0, false, image, from, length, NOT_STARTED) ? length : -1;
    }

    private int sendRecords() {
        final GroupLog log = group.log();
        final int pieceBytes = driver.config().catchupPieceBytes();
        records.clear();
        long index = nextRecord;
        for (int i = 0; i < LOOKUPS_PER_PIECE_MAX && index <= checkpoint.index() && records.length() < pieceBytes; i++) {
            if (log.record(index, view)) {
                records.append(view.buffer(), view.offset(), view.length());
            }
            index++;
        }
        final boolean last = index > checkpoint.index();
        final ByteBuffer bytes = records.isEmpty() ? PeerLink.NO_PAYLOAD : records.buffer();
        if (!offer(RaftFrame.Catchup.RECORDS, records.count(), last, bytes, records.offset(), records.length(), nextRecord)) {
            return -1;
        }
        nextRecord = index;
        sentLast = last;
        return records.length();
    }

    private boolean offer(final byte kind, final int count, final boolean last, final ByteBuffer bytes, final int from,
            final int length, final long start) {
        final RaftFrame frame = new RaftFrame.Catchup(group.id, group.core().term(), checkpoint.index(), checkpoint.term(), kind,
                nextPiece, count, last);
        if (!driver.liveness().peer(node).bulk.offer(frame, bytes, from, length)) {
            return false;
        }
        if (nextPiece == wantedPiece) {
            progressNs = driver.nowNs();
        }
        starts[(int) (nextPiece % starts.length)] = start;
        nextPiece++;
        return true;
    }

    /** Everything from the first missing piece on is sent again. */
    private void goBack() {
        final long start = starts[(int) (wantedPiece % starts.length)];
        Invariant.check(nextPiece - wantedPiece < starts.length, "window overrun", nextPiece, wantedPiece);
        nextRecord = start == NOT_STARTED ? 1 : start;
        nextPiece = wantedPiece;
        sentLast = false;
    }

    private void restart() {
        checkpoint = null;
        wantedPiece = 0;
        nextPiece = 0;
        nextRecord = 1;
        sentLast = false;
        progressNs = driver.nowNs();
    }
}

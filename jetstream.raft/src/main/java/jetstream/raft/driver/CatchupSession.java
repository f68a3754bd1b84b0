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
import jetstream.api.store.StoreException;
import jetstream.api.transport.PeerLink;

/**
 * Sends one member the newest checkpoint's image and then the live records up to its index, in numbered pieces with
 * a window; what gets no answer is sent again from the first piece that is missing.
 */
final class CatchupSession {
    private static final int LOOKUPS_PER_PIECE_MAX = 65_536;
    private static final int FRUITLESS_MAX = 20;

    private final RaftDriver driver;
    private final RaftGroup group;
    private final long node;
    private final EntryBatch records;
    private final EntryView view = new EntryView();
    /** For the pieces of records in the window, and the one behind: the first index in it. */
    private final long[] starts;
    private long leastIndex;
    private Checkpoint checkpoint;
    private int imagePieces;
    private long wantedPiece;
    private long nextPiece;
    private long sentPieces;
    private boolean sentLast;
    private long progressNs;
    private int fruitless;

    CatchupSession(final RaftDriver driver, final RaftGroup group, final long node, final EntryBatch records) {
        this.driver = driver;
        this.group = group;
        this.node = node;
        this.records = records;
        this.starts = new long[driver.config().catchupWindowPieces() + 2];
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
        if (checkpoint != null && reply.checkpointIndex() > checkpoint.index()) {
            leastIndex = reply.checkpointIndex();
            restart();
        }
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
            fruitless = 0;
        }
    }

    /** Sends pieces up to about that many bytes; returns how many bytes. */
    int send(final long nowNs, final int budgetBytes) {
        if (checkpoint == null && !load()) {
            return 0;
        }
        if (nextPiece > 0 && nowNs - progressNs >= 2 * driver.config().retryIntervalNs()) {
            progressNs = nowNs;
            repeat();
            if (checkpoint == null) {
                return 0;
            }
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
        final long least = Math.max(leastIndex, group.log().firstHistoryIndex() - 1);
        if (latest.isEmpty() || latest.get().index() < least) {
            group.checkpointForCatchup(least);
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
        return offer(RaftFrame.Catchup.IMAGE, 0, false, image, from, length) ? length : -1;
    }

    private int sendRecords() {
        final GroupLog log = group.log();
        final int pieceBytes = driver.config().catchupPieceBytes();
        final boolean again = nextPiece < sentPieces;   // then it ends where it ended, whatever was freed since
        final long end = again ? start(nextPiece + 1) : checkpoint.index() + 1;
        records.clear();
        long index = start(nextPiece);
        for (int i = 0; index < end && (again || i < LOOKUPS_PER_PIECE_MAX && records.length() < pieceBytes); i++) {
            try {
                if (log.record(index, view)) {
                    records.append(view.buffer(), view.offset(), view.length());
                }
            } catch (final StoreException.Corrupt e) {
                group.repair().want(index, e.getMessage());
                return -1;                          // again when it is whole
            }
            index++;
        }
        final boolean last = index > checkpoint.index();
        final ByteBuffer bytes = records.isEmpty() ? PeerLink.NO_PAYLOAD : records.buffer();
        final long piece = nextPiece;
        if (!offer(RaftFrame.Catchup.RECORDS, records.count(), last, bytes, records.offset(), records.length())) {
            return -1;
        }
        setStart(piece + 1, index);
        sentLast = last;
        return records.length();
    }

    private boolean offer(final byte kind, final int count, final boolean last, final ByteBuffer bytes, final int from,
            final int length) {
        final RaftFrame frame =
                new RaftFrame.Catchup(group.id, group.core().term(), checkpoint.index(), checkpoint.term(), kind,
                        nextPiece, count, last);
        if (!driver.liveness().peer(node).bulk.offer(frame, bytes, from, length)) {
            return false;
        }
        if (nextPiece == wantedPiece) {
            progressNs = driver.nowNs();
        }
        nextPiece++;
        sentPieces = Math.max(sentPieces, nextPiece);
        return true;
    }

    /** First record index of a piece in the window, or right behind it. */
    private long start(final long piece) {
        return piece <= imagePieces ? 1 : starts[(int) (piece % starts.length)];
    }

    private void setStart(final long piece, final long index) {
        starts[(int) (piece % starts.length)] = index;
    }

    /**
     * There was no progress: what is missing is sent again; or the last piece, if only the word is missing that
     * everything is durable. If that does not help either, the two sides do not mean the same pieces: all over again.
     */
    private void repeat() {
        if (++fruitless > FRUITLESS_MAX) {
            restart();
        } else {
            goBack();
        }
    }

    /** Everything from the first missing piece on is sent again. */
    private void goBack() {
        wantedPiece = Math.min(wantedPiece, nextPiece - 1);
        Invariant.check(sentPieces - wantedPiece < starts.length, "window overrun", sentPieces, wantedPiece);
        nextPiece = wantedPiece;
        sentLast = false;
    }

    private void restart() {
        checkpoint = null;
        wantedPiece = 0;
        nextPiece = 0;
        sentPieces = 0;
        sentLast = false;
        fruitless = 0;
        progressNs = driver.nowNs();
    }
}

package jetstream.store.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.store.Ballot;

/**
 * What a group is apart from its entries. Written as a whole in a STATE record when the group is opened, and again when
 * a segment that holds older records of it is emptied; the records in between change single fields. Owner: the shard
 * thread.
 *
 * <pre>
 *   record header: index = last index, term = term of the base
 *   0  long base: last index before the history
 *   8  long epoch: entries at positions before it are dead
 *  16  long term of the ballot
 *  24  long node voted for
 *  32  long 1 = has a log
 * </pre>
 */
final class GroupState {
    static final int BODY_LENGTH = 40;

    long baseIndex;
    long baseTerm;
    long lastIndex;
    long epoch;
    boolean hasLog;
    Ballot ballot = Ballot.NONE;
    /** Whether damage may have taken the newest ballot or entries, as found by recovery. */
    boolean mayHaveForgotten;
    /** Position of the last STATE record, 0 if there is none. */
    long statePosition;
    /** Position of the record of the newest checkpoint, 0 if there is none. */
    long checkpointPosition;

    /** Writes all of it at the end of the log. */
    void write(final LogWriter writer, final long group) {
        final ByteBuffer body = ByteBuffer.allocate(BODY_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        body.putLong(baseIndex).putLong(epoch).putLong(ballot.term()).putLong(ballot.votedFor())
                .putLong(hasLog ? 1 : 0);
        statePosition = writer.control(RecordType.STATE, group, lastIndex, baseTerm, body.flip());
    }

    /** Takes what a STATE record says; the caller drops the entries that it no longer has. */
    void read(final ByteBuffer bytes, final int body, final long newLastIndex, final long newBaseTerm) {
        baseIndex = bytes.getLong(body);
        baseTerm = newBaseTerm;
        lastIndex = newLastIndex;
        epoch = bytes.getLong(body + 8);
        ballot = new Ballot(bytes.getLong(body + 16), bytes.getLong(body + 24));
        hasLog = bytes.getLong(body + 32) == 1;
    }
}

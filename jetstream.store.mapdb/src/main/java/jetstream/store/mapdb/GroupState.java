package jetstream.store.mapdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import jetstream.api.GroupId;
import jetstream.api.store.Ballot;

/**
 * What a group is apart from its entries, and its row. Owner: the shard thread. Little endian:
 *
 * <pre>
 *   0  int   CRC32C of the rest       48  long  node voted for
 *   4  int   flags                    56  long  index of the checkpoint
 *   8  long  group                    64  long  term of the checkpoint
 *  16  long  base: last index before the history
 *                                     72  long  record of its image, 0 if there is none
 *  24  long  term of the base         80  int   length of the image
 *  32  long  last index               84  int   CRC32C of the image
 *  40  long  term of the ballot       88  long  entries held
 * </pre>
 */
final class GroupState {
    private static final int LENGTH = 96;
    private static final int HAS_LOG = 1;
    private static final int HAS_FORGOTTEN = 2;

    final GroupId id;
    boolean hasLog;
    /** Whether damage may have taken the newest ballot or entries; until the next ballot is saved. */
    boolean hasForgotten;
    /** The same as it was found when the store was opened. */
    boolean mayHaveForgotten;
    long baseIndex;
    long baseTerm;
    long lastIndex;
    Ballot ballot = Ballot.NONE;
    long checkpointIndex;
    long checkpointTerm;
    long checkpointRecord;
    int checkpointLength;
    int checkpointChecksum;
    long heldEntries;
    boolean isDirty;

    GroupState(final GroupId id) {
        this.id = id;
    }

    /** Whether there is anything to remember. */
    boolean isKnown() {
        return hasLog || !ballot.equals(Ballot.NONE) || checkpointRecord != 0;
    }

    byte[] row() {
        final byte[] row = new byte[LENGTH];
        final ByteBuffer to = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
        to.putInt(0).putInt((hasLog ? HAS_LOG : 0) | (hasForgotten ? HAS_FORGOTTEN : 0)).putLong(id.value());
        to.putLong(baseIndex).putLong(baseTerm).putLong(lastIndex).putLong(ballot.term()).putLong(ballot.votedFor());
        to.putLong(checkpointIndex).putLong(checkpointTerm).putLong(checkpointRecord);
        to.putInt(checkpointLength).putInt(checkpointChecksum).putLong(heldEntries);
        to.putInt(0, checksum(row, 4, LENGTH - 4));
        return row;
    }

    /**
     * Reads a row.
     *
     * @throws PageDamaged if it is not whole
     */
    static GroupState of(final long group, final byte[] row) {
        final ByteBuffer from = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
        if (row.length != LENGTH || from.getInt(0) != checksum(row, 4, LENGTH - 4) || from.getLong(8) != group) {
            throw new PageDamaged("the row of group " + new GroupId(group) + " is damaged");
        }
        final GroupState state = new GroupState(new GroupId(group));
        final int flags = from.getInt(4);
        state.hasLog = (flags & HAS_LOG) != 0;
        state.hasForgotten = (flags & HAS_FORGOTTEN) != 0;
        state.mayHaveForgotten = state.hasForgotten;
        from.position(16);
        state.baseIndex = from.getLong();
        state.baseTerm = from.getLong();
        state.lastIndex = from.getLong();
        state.ballot = new Ballot(from.getLong(), from.getLong());
        state.checkpointIndex = from.getLong();
        state.checkpointTerm = from.getLong();
        state.checkpointRecord = from.getLong();
        state.checkpointLength = from.getInt();
        state.checkpointChecksum = from.getInt();
        state.heldEntries = from.getLong();
        return state;
    }

    static int checksum(final byte[] bytes, final int offset, final int length) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}

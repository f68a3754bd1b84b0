package jetstream.raft.core;

import java.nio.ByteBuffer;
import jetstream.api.entry.EntryBatch;
import jetstream.api.frame.RaftFrame;

/**
 * What the core wants done, as calls in the order in which it must be done. Calls instead of effect records: on the
 * path of a batch nothing but the frames themselves is allocated (decision 0040). An implementation must not call
 * the core back from inside any of them.
 */
public interface RaftEffects {
    /** Payload of a frame without one. */
    ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Saves the ballot; answered by {@link RaftCore#onBallotForced} once this, the latest one, is durable. */
    void saveBallot(long term, long votedFor);

    /** Appends sealed entries behind the log's last; answered by {@link RaftCore#onLogForced}. */
    void append(EntryBatch entries);

    /** Removes the entries from that index on. */
    void truncateFrom(long index);

    /**
     * Sends a frame with its payload.
     *
     * @return false if it could not be sent now; the core tries again later
     */
    boolean send(long to, RaftFrame frame, ByteBuffer payload, int offset, int length);

    /** Entries through that index are committed. */
    void commit(long index);

    /** Role, term or known leader changed; read the new values from the core after the event. */
    void roleChanged();

    /** This member stopped leading: what it proposed and did not commit may be lost. */
    void proposalsLost();

    /** The members changed, as soon as the entry that says so was appended, or removed again. */
    void membersChanged(Membership members);

    /**
     * That member needs entries that left the history: it must get image and records. Repeated calls mean the same
     * one.
     */
    void catchUp(long node);

    /**
     * All reads asked for in rounds up to that one may be served once applied; or, if not confirmed, none of all
     * pending.
     */
    void readConfirmed(long round, boolean confirmed);
}

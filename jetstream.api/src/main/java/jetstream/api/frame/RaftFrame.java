package jetstream.api.frame;

/**
 * A message of the consensus of one group. Every one carries the group and the sender's term.
 *
 * @see "Ongaro, thesis 2014, chapter 3, figure 3.1, sections 3.10 (transfer), 4.2.1 (learners), 9.6 (pre-vote)"
 */
public sealed interface RaftFrame extends Frame {
    /** Group, as {@link jetstream.api.GroupId#value()}. */
    long group();

    /** The sender's term; for a pre-vote the term it would campaign in. */
    long term();

    /**
     * Asks for a vote.
     *
     * @param preVote true: only asks whether a vote would be granted; changes nothing at the receiver
     * @param transfer true: campaign ordered by the leader; a receiver does not refuse for a live leader's sake
     * @param lastIndex last index of the candidate's log
     * @param lastTerm term of that index
     */
    record VoteRequest(long group, long term, boolean preVote, boolean transfer, long lastIndex, long lastTerm)
            implements RaftFrame {
    }

    /** Answer to {@link VoteRequest}; sent after the ballot is durable. */
    record VoteReply(long group, long term, boolean preVote, boolean granted) implements RaftFrame {
    }

    /**
     * Entries, or none: then it only asserts leadership and tells the commit index. Payload: the entries.
     *
     * @param prevIndex index before the first entry
     * @param prevTerm its term
     * @param commitIndex the leader's commit index
     * @param count number of entries in the payload
     * @param readContext number of the leader's round, ascending in a term, echoed by the reply: confirms leadership
     *     for read-index and reception of the commit index; 0 if none; or {@link #NO_REPLY}, {@link #READMIT}
     */
    record Append(long group, long term, long prevIndex, long prevTerm, long commitIndex, int count, long readContext)
            implements RaftFrame {
        /** Read context of an append without entries that needs no answer if it is accepted. */
        public static final long NO_REPLY = -1;
        /** Read context that ends the amnesia of the receiver (DESIGN D7); echoed by the reply. */
        public static final long READMIT = -2;
    }

    /**
     * Answer to {@link Append}.
     *
     * @param accepted whether {@code prevIndex} matched
     * @param matchIndex accepted: durable on the follower and equal to the leader's log through this index; refused:
     *     the last index at which the leader may try again
     * @param lastIndex last index of the follower's log
     * @param readContext highest read context received in this term; or {@link Append#READMIT}, or {@link #AMNESIAC}
     */
    record AppendReply(long group, long term, boolean accepted, long matchIndex, long lastIndex, long readContext)
            implements RaftFrame {
        /**
         * Read context of a member that lost data it may have acknowledged: the reply must not be counted (DESIGN D7).
         */
        public static final long AMNESIAC = -3;
    }

    /** The leader tells the follower to campaign at once (leadership transfer). */
    record TimeoutNow(long group, long term) implements RaftFrame {
    }

    /**
     * A piece of what a far-behind member needs: first the checkpoint image, then the live records at or below its
     * index, in index order. Sent in the bulk lane. Payload: image bytes, or whole entries.
     *
     * @param checkpointIndex index of the checkpoint
     * @param checkpointTerm its term
     * @param kind {@link #IMAGE} or {@link #RECORDS}
     * @param offset number of this piece, from 0, over both kinds
     * @param count entries in the payload if {@code kind} is RECORDS
     * @param last whether this is the last piece
     */
    record Catchup(long group, long term, long checkpointIndex, long checkpointTerm, byte kind, long offset, int count,
            boolean last) implements RaftFrame {
        /** The payload is a part of the checkpoint image. */
        public static final byte IMAGE = 0;
        /** The payload is whole live entries. */
        public static final byte RECORDS = 1;
    }

    /**
     * Answer to {@link Catchup}.
     *
     * @param checkpointIndex index of the checkpoint in question
     * @param offset the next piece that is wanted
     * @param done whether the member holds everything durably
     */
    record CatchupReply(long group, long term, long checkpointIndex, long offset, boolean done) implements RaftFrame {
    }

    /**
     * Compares states (decision 0100). The leader asks for the state at an index; a member answers with the hash of its
     * state there; the leader tells those that a majority contradicts.
     *
     * @param kind {@link #ASK}, {@link #TELL}, {@link #MISSED} or {@link #DIVERGED}
     * @param index after applying this index
     * @param hash TELL: the sender's; DIVERGED: the majority's; else 0
     */
    record StateHash(long group, long term, byte kind, long index, long hash) implements RaftFrame {
        /** The leader wants to know. */
        public static final byte ASK = 0;
        /** The answer. */
        public static final byte TELL = 1;
        /** The answer of a member that was past that index when it was asked. */
        public static final byte MISSED = 2;
        /** The receiver's answer differs from the majority's. */
        public static final byte DIVERGED = 3;
    }

    /**
     * Asks a member for a committed entry that is damaged at the sender (FAULTS rule 3).
     *
     * @param index which one
     */
    record EntryRequest(long group, long term, long index) implements RaftFrame {
    }

    /**
     * Answer to {@link EntryRequest}. Sent in the bulk lane. Payload: the whole entry.
     *
     * @param index which one
     * @param count 1, or 0 if it is not here or damaged, too: no payload then
     */
    record EntryReply(long group, long term, long index, int count) implements RaftFrame {
    }
}

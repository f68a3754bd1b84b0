package jetstream.raft.core;

import jetstream.api.consensus.Role;
import jetstream.api.frame.RaftFrame;

/** What a member does in one role. {@link RaftCore} alone changes roles. */
abstract sealed class RoleState permits Follower, Candidate, Leader {
    final RaftCore core;

    RoleState(final RaftCore core) {
        this.core = core;
    }

    abstract Role reported();

    /** The live leader of the term, or nobody. */
    abstract long leader();

    /** Whether a vote for somebody else would only disturb (thesis, section 4.2.3). */
    abstract boolean hasLiveLeader();

    abstract long deadlineNs();

    abstract void onDeadline();

    /** Called once, right after the core took the role. */
    void enter() {
    }

    /** Log or ballot became durable. */
    void onForced() {
    }

    /** An answer to a vote request, not of a higher term unless it grants a pre-vote. */
    void onVote(final long from, final RaftFrame.VoteReply reply) {
    }

    /** End of the duty cycle. */
    void flush() {
    }
}

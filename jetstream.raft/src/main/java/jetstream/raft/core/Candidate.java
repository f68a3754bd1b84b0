package jetstream.raft.core;

import jetstream.api.Invariant;
import jetstream.api.consensus.Role;
import jetstream.api.frame.RaftFrame;

/** Asks for votes, or first whether it would get them (pre-vote, thesis section 9.6). */
final class Candidate extends RoleState {
    /** Why it campaigns. */
    enum Kind {
        /** Asks whether it would win; changes nothing anywhere. */
        PRE_VOTE,
        /** Asks for votes in a new term. */
        ELECTION,
        /** Like {@link #ELECTION}, ordered by the leader. */
        TRANSFER
    }

    private static final byte SILENT = 0;
    private static final byte GRANTED = 1;
    private static final byte REFUSED = 2;

    private final Kind kind;
    private Membership voters;
    private byte[] answers;
    private boolean asked;
    private long roundEndNs;
    private long repeatNs;

    Candidate(final RaftCore core, final Kind kind) {
        super(core);
        this.kind = kind;
    }

    @Override
    void enter() {
        Invariant.check(core.mayCampaign(), "campaign without a vote", core.term());
        roundEndNs = core.nowNs() + core.randomTimeoutNs();
        repeatNs = roundEndNs;
        voters = core.members();
        answers = new byte[voters.voterCount()];
        if (kind == Kind.PRE_VOTE) {
            ask();
        } else {
            core.voteForSelf();             // asks when that is durable (I2)
        }
    }

    @Override
    void onForced() {
        if (!asked && core.isBallotForced()) {
            ask();
        }
    }

    @Override
    void onVote(final long from, final RaftFrame.VoteReply reply) {
        final boolean pre = kind == Kind.PRE_VOTE;
        final long wanted = pre && reply.granted() ? core.term() + 1 : core.term();
        if (asked && reply.preVote() == pre && reply.term() == wanted) {
            note(from, reply.granted() ? GRANTED : REFUSED);
        } else if (asked && !reply.granted() && reply.preVote() == pre && reply.term() < wanted) {
            note(from, REFUSED);
        }
    }

    @Override
    long deadlineNs() {
        return roundEndNs - repeatNs < 0 ? roundEndNs : repeatNs;
    }

    @Override
    void onDeadline() {
        if (core.nowNs() - roundEndNs >= 0) {
            core.become(new Candidate(core, Kind.PRE_VOTE));
        } else if (core.nowNs() - repeatNs >= 0) {
            request();
        }
    }

    @Override
    Role reported() {
        return Role.CANDIDATE;
    }

    @Override
    long leader() {
        return RaftCore.NOBODY;
    }

    @Override
    boolean hasLiveLeader() {
        return false;
    }

    private void ask() {
        asked = true;
        request();
        note(core.config.self(), GRANTED);
    }

    private void request() {
        final long lastIndex = core.log.lastIndex();
        final boolean pre = kind == Kind.PRE_VOTE;
        final RaftFrame frame = new RaftFrame.VoteRequest(core.config.group(), pre ? core.term() + 1 : core.term(), pre,
                kind == Kind.TRANSFER, lastIndex, core.log.termAt(lastIndex));
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == SILENT && voters.voter(i) != core.config.self()) {
                core.send(voters.voter(i), frame);
            }
        }
        // In a new group the others may not have opened it yet: they are asked again soon, so that creation stays
        // short.
        repeatNs = core.nowNs() + (lastIndex == 0 ? core.config.retryNs() / 4 : core.config.retryNs());
    }

    private void note(final long from, final byte answer) {
        int granted = 0;
        for (int i = 0; i < answers.length; i++) {
            if (voters.voter(i) == from && answers[i] != GRANTED) {
                answers[i] = answer;
            }
            granted += answers[i] == GRANTED ? 1 : 0;
        }
        Invariant.check(granted <= voters.voterCount(), "more votes than voters", granted, voters.voterCount());
        if (granted >= core.quorum(voters)) {
            core.become(kind == Kind.PRE_VOTE ? new Candidate(core, Kind.ELECTION) : new Leader(core));
        }
    }
}

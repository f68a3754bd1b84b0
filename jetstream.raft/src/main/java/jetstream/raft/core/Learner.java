package jetstream.raft.core;

import jetstream.api.consensus.Role;
import jetstream.api.frame.RaftFrame;

/** Follows and can not lead: not a voter (yet), a voter that lost data (I9), or one whose log is being replaced. */
final class Learner extends Follower {
    private static final int DOUBLINGS_MAX = 4;

    private int hellos;

    Learner(final RaftCore core, final long leader, final boolean attached) {
        super(core, leader, attached);
    }

    @Override
    Role reported() {
        return Role.LEARNER;
    }

    /**
     * Looks for the leader: it answers a pre-vote with an append. Nobody grants it, an empty log is behind every
     * other.
     */
    @Override
    void onDeadline() {
        final Membership members = core.members();
        final RaftFrame hello = new RaftFrame.VoteRequest(core.config.group(), core.term() + 1, true, false, 0, 0);
        for (int i = 0; i < members.size(); i++) {
            if (members.member(i) != core.config.self()) {
                core.send(members.member(i), hello);
            }
        }
        rest(core.config.retryNs() << Math.min(hellos++, DOUBLINGS_MAX));
    }
}

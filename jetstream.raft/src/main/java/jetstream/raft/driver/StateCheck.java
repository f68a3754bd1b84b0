package jetstream.raft.driver;

import java.util.Arrays;
import jetstream.api.NodeId;
import jetstream.api.consensus.Condition;
import jetstream.api.frame.RaftFrame;
import jetstream.raft.core.Membership;
import jetstream.raft.core.RaftCore;

/**
 * Compares the states of a group's members (decision 0100). The leader names an index that it has appended and nobody
 * has passed, as a rule; each member notes its state when it has applied through that index, and tells. What a
 * majority of the voters says is right; whoever differs, the leader included, gives its state up ({@link Resync}).
 * Without a majority nobody can be told wrong: that is reported. Owner: the shard thread.
 */
final class StateCheck {
    private static final byte SILENT = 0;
    private static final byte TOLD = 1;
    private static final byte MISSED = 2;
    private static final long NONE = -1;
    /** A member that leaves so many questions unanswered is of an older version, or busy with something else. */
    private static final int ASKS_MAX = 10;

    private final RaftGroup group;
    private final RaftCore core;
    /** The round: what is compared, and in which term. */
    private long index = NONE;
    private long term;
    /** Follower: who asked; NOBODY on the leader. */
    private long asker = RaftCore.NOBODY;
    private boolean ownKnown;
    private long ownHash;
    /** Leader: what the members said, by their place in {@link #members}. */
    private Membership members;
    private byte[] answers = {};
    private long[] hashes = {};
    private int asks;
    private boolean disputed;
    /** Whether the driver's list of groups to compare has this one. */
    private boolean due;

    StateCheck(final RaftGroup group, final RaftCore core) {
        this.group = group;
        this.core = core;
    }

    /** Whether the members differ and nobody can be told wrong; the leader knows. */
    boolean isDisputed() {
        return disputed && core.isElected();
    }

    boolean isDue() {
        return due;
    }

    void due(final boolean value) {
        due = value;
    }

    /** The leader's regular turn. Returns whether there will be something to do at the next one, too. */
    boolean ask() {
        if (group.isStopped() || !core.isEstablished() || core.members().size() < 2) {
            return false;
        }
        final long lastIndex = group.log().lastIndex();
        if (index != lastIndex || term != core.term() || members != core.members() || asker != RaftCore.NOBODY) {
            begin(lastIndex);
        } else if (ownKnown) {
            evaluate();
        }
        return core.isElected() && askTheSilent();
    }

    private void begin(final long lastIndex) {
        index = lastIndex;
        term = core.term();
        members = core.members();
        asker = RaftCore.NOBODY;
        ownKnown = false;
        asks = 0;
        answers = new byte[members.size()];
        hashes = new long[members.size()];
        group.station().sampleAt(lastIndex);
    }

    /** Returns whether somebody who can be reached has not agreed yet. */
    private boolean askTheSilent() {
        boolean open = !ownKnown;
        for (int i = 0; i < members.size(); i++) {
            final long node = members.member(i);
            if (node == group.driver.self() || answers[i] == TOLD && ownKnown && hashes[i] == ownHash) {
                continue;
            }
            final Peer peer = group.driver.liveness().peer(node);
            if (peer.answers) {
                open = true;
                if (answers[i] != TOLD) {
                    send(peer, RaftFrame.StateHash.ASK, 0);
                }
            }
        }
        return open && ++asks <= ASKS_MAX;
    }

    /** That member's answer counts no more: it is another process, or has another state than when it gave it. */
    void forget(final long node) {
        if (members != null) {
            for (int i = 0; i < answers.length; i++) {
                if (members.member(i) == node) {
                    answers[i] = SILENT;
                }
            }
        }
    }

    void onFrame(final long from, final RaftFrame.StateHash frame) {
        if (frame.term() != core.term()) {
            return;
        }
        switch (frame.kind()) {
            case RaftFrame.StateHash.ASK -> onAsk(from, frame);
            case RaftFrame.StateHash.DIVERGED -> onDiverged(from, frame);
            default -> onAnswer(from, frame);
        }
    }

    private void onAsk(final long from, final RaftFrame.StateHash frame) {
        if (core.leader() != from || core.isIncomplete()) {
            return;                                 // asked again when there is something to tell
        }
        index = frame.index();
        term = frame.term();
        asker = from;
        ownKnown = false;
        if (group.station().appliedIndex() > index) {
            send(group.driver.liveness().peer(from), RaftFrame.StateHash.MISSED, 0);
        } else {
            group.station().sampleAt(index);
        }
    }

    /** This member has applied through the index in question. */
    void onSample(final long sampledIndex, final long hash) {
        if (sampledIndex != index || term != core.term()) {
            return;
        }
        ownKnown = true;
        ownHash = hash;
        if (core.isElected()) {
            evaluate();
        } else if (asker == core.leader() && asker != RaftCore.NOBODY) {
            send(group.driver.liveness().peer(asker), RaftFrame.StateHash.TELL, hash);
        }
    }

    private void onAnswer(final long from, final RaftFrame.StateHash frame) {
        if (!core.isEstablished() || frame.index() != index || asker != RaftCore.NOBODY || members == null) {
            return;
        }
        for (int i = 0; i < members.size(); i++) {
            if (members.member(i) == from) {
                answers[i] = frame.kind() == RaftFrame.StateHash.TELL ? TOLD : MISSED;
                hashes[i] = frame.hash();
            }
        }
        if (ownKnown) {
            evaluate();
        }
    }

    private void onDiverged(final long from, final RaftFrame.StateHash frame) {
        if (core.leader() == from && ownKnown && index == frame.index() && ownHash != frame.hash()
                && asker == from) {
            group.resync().begin(text(frame.hash()));
        }
    }

    /** Compares what is known so far. */
    private void evaluate() {
        boolean differ = false;
        boolean allKnown = true;
        for (int i = 0; i < members.size(); i++) {
            if (members.member(i) != group.driver.self()) {
                differ |= answers[i] == TOLD && hashes[i] != ownHash;
                allKnown &= answers[i] == TOLD || !members.isVoter(members.member(i));
            }
        }
        if (!differ) {
            disputed &= !allKnown;
            return;
        }
        if (votes(ownHash) >= members.quorum()) {
            tellTheOthers();
            return;
        }
        for (int i = 0; i < members.size(); i++) {
            if (answers[i] == TOLD && hashes[i] != ownHash && votes(hashes[i]) >= members.quorum()) {
                group.resync().begin(text(hashes[i]));
                return;
            }
        }
        if (allKnown) {
            reportDispute();
        }
    }

    private int votes(final long hash) {
        int count = 0;
        for (int i = 0; i < members.voterCount(); i++) {
            final boolean self = members.member(i) == group.driver.self();
            count += self ? ownHash == hash ? 1 : 0 : answers[i] == TOLD && hashes[i] == hash ? 1 : 0;
        }
        return count;
    }

    private void tellTheOthers() {
        for (int i = 0; i < members.size(); i++) {
            if (members.member(i) != group.driver.self() && answers[i] == TOLD && hashes[i] != ownHash) {
                send(group.driver.liveness().peer(members.member(i)), RaftFrame.StateHash.DIVERGED, ownHash);
                answers[i] = SILENT;                // asked again: it may not have heard, or be another one by then
            }
        }
    }

    private void reportDispute() {
        if (!disputed) {
            disputed = true;
            final StringBuilder who = new StringBuilder();
            for (int i = 0; i < members.size(); i++) {
                final boolean self = members.member(i) == group.driver.self();
                who.append(i > 0 ? ", " : "").append(new NodeId(members.member(i))).append(' ')
                        .append(Long.toHexString(self ? ownHash : hashes[i]));
            }
            group.tell(Condition.DISPUTED, "the members' states differ at index " + index
                    + " and no majority agrees, so that nobody can be told wrong: " + who);
        }
    }

    private String text(final long majorityHash) {
        return "its state at index " + index + " is " + Long.toHexString(ownHash) + ", that of the majority "
                + Long.toHexString(majorityHash);
    }

    private void send(final Peer to, final byte kind, final long hash) {
        to.control.offer(new RaftFrame.StateHash(group.id, core.term(), kind, index, hash));
    }

    /** Forgets the round: the state it was about is given up. */
    void cancel() {
        index = NONE;
        ownKnown = false;
        Arrays.fill(answers, SILENT);
    }
}

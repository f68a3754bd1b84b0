package jetstream.raft.driver;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.entry.EntryBatch;
import jetstream.api.frame.RaftFrame;

/**
 * The catch-ups that this node serves. They share a budget of bytes per duty cycle and use the bulk lane alone, so
 * that they never delay votes, heartbeats or appends. Owner: the shard thread.
 */
final class Catchups {
    private static final long PACE_NS = 1_000_000;
    private static final int BYTES_PER_CYCLE_MAX = 512 << 10;

    private final RaftDriver driver;
    private final List<CatchupSession> sessions = new ArrayList<>();
    private final EntryBatch records = new EntryBatch(4 << 10);

    Catchups(final RaftDriver driver) {
        this.driver = driver;
    }

    /** That member of the group needs an image; does nothing if it is being served. */
    void start(final RaftGroup group, final long node) {
        if (find(group, node) == null) {
            sessions.add(new CatchupSession(driver, group, node, records));
        }
    }

    void stop(final RaftGroup group, final long node) {
        sessions.removeIf(session -> session.isOf(group, node));
    }

    void stopAll(final RaftGroup group) {
        if (!sessions.isEmpty()) {
            sessions.removeIf(session -> session.group() == group);
        }
    }

    void onReply(final RaftGroup group, final long node, final RaftFrame.CatchupReply reply) {
        final CatchupSession session = find(group, node);
        if (reply.term() != group.core().term()) {
            return;
        }
        if (session == null) {
            if (!reply.done()) {
                group.core().onImageWanted(node, driver.nowNs());
            }
        } else if (reply.done()) {
            sessions.remove(session);
            group.core().onCaughtUp(node, reply.checkpointIndex(), driver.nowNs());
            group.compareAgain(node);
        } else {
            session.onReply(reply);
        }
    }

    /** The group's history behind that index is needed for those who are being served. */
    long historyNeeded(final RaftGroup group) {
        long needed = Long.MAX_VALUE;
        for (final CatchupSession session : sessions) {
            if (session.group() == group) {
                needed = Math.min(needed, session.checkpointIndex());
            }
        }
        return needed;
    }

    int doWork(final long nowNs) {
        int budget = BYTES_PER_CYCLE_MAX;
        int work = 0;
        for (int i = 0; i < sessions.size() && budget > 0; i++) {
            final int sent = sessions.get(i).send(nowNs, budget);
            budget -= sent;
            work += sent > 0 ? 1 : 0;
        }
        return work;
    }

    long nextDeadlineNs(final long nowNs) {
        return nowNs + (sessions.isEmpty() ? Long.MAX_VALUE / 4 : PACE_NS);
    }

    private CatchupSession find(final RaftGroup group, final long node) {
        for (final CatchupSession session : sessions) {
            if (session.isOf(group, node)) {
                return session;
            }
        }
        return null;
    }
}

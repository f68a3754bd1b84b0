package jetstream.raft.driver;

import java.util.ArrayDeque;
import java.util.Arrays;
import jetstream.api.Invariant;
import jetstream.api.store.Store;

/**
 * What waits for the forces of one store: by ticket, the groups that changed something before it and how far they were.
 * Owner: the shard thread.
 */
final class StoreForces {
    private static final int SPARE_MAX = 8;

    final Store store;
    /** Whether it keeps ballots: the node's durable store. */
    boolean keepsBallots;
    private final ArrayDeque<Ticket> open = new ArrayDeque<>();
    private final ArrayDeque<Ticket> spare = new ArrayDeque<>();
    private Ticket next = new Ticket();
    private long forcedTicket = Long.MIN_VALUE;

    StoreForces(final Store store) {
        this.store = store;
    }

    /** Groups changed before one ticket. */
    private static final class Ticket {
        long ticket;
        int count;
        RaftGroup[] groups = new RaftGroup[4];
        long[] lastIndexes = new long[4];
        long[] changes = new long[4];

        void add(final RaftGroup group) {
            if (count == groups.length) {
                groups = Arrays.copyOf(groups, count * 2);
                lastIndexes = Arrays.copyOf(lastIndexes, count * 2);
                changes = Arrays.copyOf(changes, count * 2);
            }
            groups[count++] = group;
        }

        void clamp(final RaftGroup group, final long throughIndex) {
            for (int i = 0; i < count; i++) {
                if (groups[i] == group) {
                    lastIndexes[i] = Math.min(lastIndexes[i], throughIndex);
                }
            }
        }

        void clear() {
            Arrays.fill(groups, 0, count, null);
            count = 0;
        }
    }

    /** The group changes something in this store; to be called before every change. */
    void touch(final RaftGroup group) {
        if (!group.isTouched(this)) {
            group.touched(this, true);
            next.add(group);
        }
    }

    /** Entries behind that index vanish: tickets taken before must not vouch for those that replace them. */
    void truncated(final RaftGroup group, final long throughIndex) {
        for (final Ticket ticket : open) {
            ticket.clamp(group, throughIndex);
        }
    }

    /** Everything changed so far is named by that ticket. */
    void onTicket(final long ticket) {
        if (next.count == 0) {
            return;
        }
        Invariant.check(open.isEmpty() || open.peekLast().ticket <= ticket, "tickets must ascend", ticket);
        final Ticket taken = next;
        taken.ticket = ticket;
        for (int i = 0; i < taken.count; i++) {
            final RaftGroup group = taken.groups[i];
            group.touched(this, false);
            taken.lastIndexes[i] = group.isStopped() ? 0 : group.log().lastIndex();
            taken.changes[i] = group.changes();
        }
        open.add(taken);
        next = spare.isEmpty() ? new Ticket() : spare.poll();
        Invariant.check(ticket > forcedTicket, "ticket of a force that is over", ticket, forcedTicket);
    }

    /** Everything up to that ticket is durable. Returns how many groups were told. */
    int onForced(final long ticket) {
        int told = 0;
        forcedTicket = Math.max(forcedTicket, ticket);
        while (!open.isEmpty() && open.peekFirst().ticket <= ticket) {
            final Ticket done = open.poll();
            for (int i = 0; i < done.count; i++) {
                done.groups[i].onForced(this, done.lastIndexes[i], done.changes[i]);
            }
            told += done.count;
            done.clear();
            if (spare.size() < SPARE_MAX) {
                spare.add(done);
            }
        }
        return told;
    }
}

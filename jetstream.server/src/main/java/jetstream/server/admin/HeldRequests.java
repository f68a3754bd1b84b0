package jetstream.server.admin;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * Requests to a group's leader that reached a member which does not lead. The leader that answers may have died a
 * moment ago, and this member may be the next one: what can do no harm if it is done twice is then done as soon as this
 * member leads. Where no leader was found in the meantime the request is refused, because silence would make clients
 * wait for seconds in which a second try succeeds. Owner: the node thread.
 */
final class HeldRequests {
    /** Longer than an election, shorter than the usual patience of clients. */
    static final long PATIENCE_NS = 1_500_000_000L;
    /** The oldest, which the leader has most likely answered, make room for more. */
    static final int HELD_MAX = 1_024;

    private final Queue<Held> held = new ArrayDeque<>();

    private record Held(long dueNs, Hold hold) {
    }

    /** One request, and how its group stands now. */
    interface Hold {
        /** Whether this member leads by now and may answer late; never for what must not be done twice. */
        boolean isServable();

        /** Whether no leader is known. */
        boolean isLeaderless();

        /** Answers it. */
        void serve();

        /** Refuses it. */
        void refuse();
    }

    void add(final Hold hold, final long nowNs) {
        add(hold, nowNs, PATIENCE_NS);
    }

    /** Holds it for that long. */
    void add(final Hold hold, final long nowNs, final long patienceNs) {
        if (held.size() == HELD_MAX) {
            held.remove();
        }
        held.add(new Held(nowNs + patienceNs, hold));
    }

    /** Called about ten times a second. */
    void tick(final long nowNs) {
        final Iterator<Held> all = held.iterator();
        while (all.hasNext()) {
            final Held next = all.next();
            final boolean servable = next.hold().isServable();
            if (servable || nowNs - next.dueNs() >= 0) {
                all.remove();
                end(next.hold(), servable);
            }
        }
    }

    private static void end(final Hold hold, final boolean servable) {
        if (servable) {
            hold.serve();
        } else if (hold.isLeaderless()) {
            hold.refuse();
        }
    }
}

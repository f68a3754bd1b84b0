package jetstream.server.admin;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Requests of the API in the order in which they came. They are handled at once as long as the turn's budget lasts;
 * then they wait, so that a client which sends thousands in one go delays nobody's heartbeats. Owner: the node thread.
 *
 * @param <R> type of the requests
 */
final class RequestQueue<R> {
    /** A fifth of the interval between heartbeats. */
    static final long TURN_NS = 10_000_000L;
    /** More than this are dropped, all of them, as in the reference: whoever sent them has given up by then. */
    static final int WAITING_MAX = 10_000;

    private final Consumer<R> handler;
    private final LongSupplier clockNs;
    private final Queue<R> waiting = new ArrayDeque<>();
    private long spentNs;

    /**
     * @param handler takes one request
     * @param clockNs monotonic time in nanoseconds
     */
    RequestQueue(final Consumer<R> handler, final LongSupplier clockNs) {
        this.handler = handler;
        this.clockNs = clockNs;
    }

    /** A request has come. Returns how many were dropped: 0, as a rule. */
    int take(final R request) {
        if (waiting.isEmpty() && spentNs < TURN_NS) {
            handle(request);
            return 0;
        }
        if (waiting.size() == WAITING_MAX) {
            waiting.clear();
            return WAITING_MAX;
        }
        waiting.add(request);
        return 0;
    }

    /** A new turn with a new budget, for those that wait first. Returns how many were handled. */
    int doWork() {
        spentNs = 0;
        int handled = 0;
        while (spentNs < TURN_NS && !waiting.isEmpty()) {
            handle(waiting.poll());
            handled++;
        }
        return handled;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    private void handle(final R request) {
        final long startNs = clockNs.getAsLong();
        handler.accept(request);
        spentNs += clockNs.getAsLong() - startNs;
    }
}

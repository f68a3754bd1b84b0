package jetstream.engine.consumer;

/**
 * Waiting pull requests in the order in which they are served: a doubly linked ring, so that any of them can go, and
 * the pool of those that are done. Owner: the shard thread.
 */
final class PullQueue {
    private final PullRequest ends = new PullRequest();
    private PullRequest pool;
    private int size;
    private int noWaits;

    PullQueue() {
        ends.next = ends;
        ends.previous = ends;
    }

    int size() {
        return size;
    }

    /** Number of requests that do not wait. */
    int noWaits() {
        return noWaits;
    }

    /** The first; null if there is none. */
    PullRequest first() {
        return ends.next == ends ? null : ends.next;
    }

    /** The one behind; null if there is none. */
    PullRequest after(final PullRequest request) {
        return request.next == ends ? null : request.next;
    }

    /** An unused request. */
    PullRequest claim() {
        if (pool == null) {
            return new PullRequest();
        }
        final PullRequest request = pool;
        pool = request.next;
        request.next = null;
        return request;
    }

    /** Gives back a request that is in no queue and has nothing in flight. */
    void release(final PullRequest request) {
        request.next = pool;
        pool = request;
    }

    /** Adds behind all of the same or a more urgent priority; 0 is the most urgent. */
    void add(final PullRequest request) {
        PullRequest before = ends.previous;
        while (before != ends && before.priority > request.priority) {
            before = before.previous;
        }
        request.previous = before;
        request.next = before.next;
        before.next.previous = request;
        before.next = request;
        size++;
        noWaits += request.isNoWait ? 1 : 0;
    }

    void remove(final PullRequest request) {
        request.previous.next = request.next;
        request.next.previous = request.previous;
        request.next = null;
        request.previous = null;
        size--;
        noWaits -= request.isNoWait ? 1 : 0;
    }
}

package jetstream.server.admin;

import java.util.ArrayDeque;
import java.util.Queue;
import jetstream.api.error.ApiError;

/**
 * Requests to groups that have a member but no leader here. Silence would make clients wait for seconds in which a
 * second try succeeds, so each is refused after a while; not at once, because another member may know a leader, or be
 * it, and its answer has to come first. Owner: the node thread.
 */
final class LeaderlessRequests {
    private static final long PATIENCE_NS = 500_000_000L;
    /** More are met with silence. */
    private static final int WAITING_MAX = 1_024;

    private final ApiReplies replies;
    private final Queue<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(long dueNs, ApiRequest request, String type) {
    }

    LeaderlessRequests(final ApiReplies replies) {
        this.replies = replies;
    }

    void add(final ApiRequest request, final String type, final long nowNs) {
        if (waiting.size() < WAITING_MAX) {
            waiting.add(new Waiting(nowNs + PATIENCE_NS, request, type));
        }
    }

    void tick(final long nowNs) {
        while (!waiting.isEmpty() && nowNs - waiting.element().dueNs() >= 0) {
            final Waiting due = waiting.remove();
            replies.fail(due.request(), due.type(), ApiError.CLUSTER_NOT_AVAIL.failure());
        }
    }
}

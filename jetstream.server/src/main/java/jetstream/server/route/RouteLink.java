package jetstream.server.route;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayDeque;
import jetstream.api.frame.RouteFrame;
import jetstream.api.transport.PeerInfo;
import jetstream.api.transport.PeerLink;

/**
 * The route lane to one peer: messages of a turn gather in a batch; what the lane does not take waits in a bounded
 * queue. If that is full, messages are dropped, and lost interest is made good by a new snapshot once the lane moves
 * again. Owner: node thread.
 */
public final class RouteLink {
    private static final int BATCH_LENGTH_MAX = 64 << 10;
    private static final int QUEUE_BYTES_MAX = 32 << 20;

    private final PeerInfo info;
    private final PeerRoute route;
    private final PeerLink lane;
    private final RouteTraffic traffic = new RouteTraffic();
    private final RouteBatch messages = new RouteBatch();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final Instant start = Instant.now();
    private int queuedBytes;
    private boolean needsSnapshot = true;

    RouteLink(final PeerInfo info, final PeerRoute route, final PeerLink lane) {
        this.info = info;
        this.route = route;
        this.lane = lane;
    }

    /** Who is at the other end. */
    public PeerInfo info() {
        return info;
    }

    /** The peer as the router knows it. */
    public PeerRoute route() {
        return route;
    }

    /** Since when there is this link. */
    public Instant start() {
        return start;
    }

    /** Counters. */
    public RouteTraffic traffic() {
        return traffic;
    }

    /** Bytes that wait for the lane. */
    public int pendingBytes() {
        return queuedBytes + messages.length();
    }

    boolean isCongested() {
        return queuedBytes > QUEUE_BYTES_MAX / 2;
    }

    boolean hasWaiting() {
        return !queue.isEmpty() || needsSnapshot;
    }

    /** Whether the peer must be told all interest; not while the lane is full. */
    boolean isReadyForSnapshot() {
        return needsSnapshot && queue.isEmpty();
    }

    void snapshotSent() {
        needsSnapshot = false;
    }

    /** Adds a message to the batch of this turn. */
    void add(final Account account, final Msg msg, final QueueNames queues) {
        if (wouldFlush(account, msg, queues)) {
            flush();
        }
        messages.message(account, msg, queues);
        traffic.outMsgs++;
        traffic.outBytes += msg.totalLength();
    }

    /** Whether the batch leaves before this message is added; the interest of this turn must leave before it. */
    boolean wouldFlush(final Account account, final Msg msg, final QueueNames queues) {
        return messages.length() + RouteBatch.messageLengthMax(account, msg, queues) > BATCH_LENGTH_MAX;
    }

    /** Sends interest rows, unless a snapshot is due anyway. */
    void interest(final RouteBatch rows, final boolean isSnapshot) {
        if (needsSnapshot && !isSnapshot) {
            return;
        }
        if (!offer(new RouteFrame.Interest(isSnapshot, rows.count()), rows)) {
            needsSnapshot = true;
        }
    }

    /** Sends the batch of this turn. */
    void flush() {
        if (messages.isEmpty()) {
            return;
        }
        if (!offer(new RouteFrame.Messages(messages.count()), messages)) {
            traffic.droppedMsgs += messages.count();
        }
        messages.clear();
    }

    /** Tries again to send what waits; says how many frames went. */
    int retry() {
        int sent = 0;
        while (!queue.isEmpty()) {
            final Waiting first = queue.peekFirst();
            if (!lane.offer(first.frame, first.bytes, 0, first.bytes.capacity())) {
                break;
            }
            queue.removeFirst();
            queuedBytes -= first.bytes.capacity();
            sent++;
        }
        return sent;
    }

    /** Says false if the frame was given up. */
    private boolean offer(final RouteFrame frame, final RouteBatch rows) {
        if (queue.isEmpty() && lane.offer(frame, rows.buffer(), 0, rows.length())) {
            return true;
        }
        if (queuedBytes + rows.length() > QUEUE_BYTES_MAX) {
            return false;
        }
        final ByteBuffer copy = ByteBuffer.allocate(rows.length()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(0, rows.buffer(), 0, rows.length());
        queue.addLast(new Waiting(frame, copy));
        queuedBytes += rows.length();
        return true;
    }

    /** A frame that the lane did not take. */
    private record Waiting(RouteFrame frame, ByteBuffer bytes) {
    }
}

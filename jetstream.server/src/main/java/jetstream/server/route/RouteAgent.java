package jetstream.server.route;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import jetstream.api.NodeId;
import jetstream.api.frame.RouteFrame;
import jetstream.api.transport.PeerInfo;
import jetstream.api.transport.PeerLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Core NATS between the servers of a cluster, over the route lane of the transport. Every server tells every other
 * one its interest, all of it when a link comes up, changes afterwards; a message goes once to each peer that is
 * interested. Does not poll the transport: whoever does hands in peers and frames. Owner: node thread.
 *
 * <p>Invariants: (R1) interest of a turn leaves before the messages of that turn; (R2) what a peer was told and what
 * is so differ only while frames are on their way, or a snapshot is due; (R3) memory for a peer that does not read is
 * bounded.
 */
public final class RouteAgent implements RouteOutbox {
    private static final Logger LOG = LoggerFactory.getLogger(RouteAgent.class);
    private static final int SNAPSHOT_FRAME_LENGTH = 64 << 10;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long DROP_LOG_NS = TimeUnit.SECONDS.toNanos(10);

    private final SubjectRouter router;
    private final Function<NodeId, PeerLink> lanes;
    private final Consumer<Runnable> turnEnd;
    private final Runnable send;
    private final Runnable flushTask = this::flush;
    private final Map<NodeId, RouteLink> links = new LinkedHashMap<>();
    private final List<RouteLink> linkList = new ArrayList<>();
    private final RouteBatch interest = new RouteBatch();
    private final RouteReader reader = new RouteReader();
    private final Msg incoming = new Msg();
    private final QueueNames incomingQueues = new QueueNames();
    private Account lastAccount;
    private boolean isFlushDue;
    private long droppedLogged;
    private long nextDropLogNs;

    /**
     * Makes the agent and attaches it to the router.
     *
     * @param router  interest and messages of this server
     * @param lanes   the route lane of a peer
     * @param turnEnd runs a task at the end of the node thread's turn
     * @param send puts on the wire what was offered to the lanes
     */
    public RouteAgent(final SubjectRouter router, final Function<NodeId, PeerLink> lanes,
            final Consumer<Runnable> turnEnd, final Runnable send) {
        this.router = router;
        this.lanes = lanes;
        this.turnEnd = turnEnd;
        this.send = send;
        router.outbox(this);
        router.addListener(this::onLocalInterest);
    }

    /** Links that are up. */
    public Collection<RouteLink> links() {
        return links.values();
    }

    /** A peer's link has come up, possibly once more. */
    public void onPeerUp(final PeerInfo peer) {
        onPeerDown(peer.node());
        final RouteLink link = new RouteLink(peer, router.addPeer(peer.node()), lanes.apply(peer.node()));
        links.put(peer.node(), link);
        linkList.add(link);
        dueAtTurnEnd();
    }

    /** A peer has gone. */
    public void onPeerDown(final NodeId node) {
        final RouteLink link = links.remove(node);
        if (link != null) {
            linkList.remove(link);
            router.removePeer(link.route());
        }
    }

    @Override
    public void forward(final PeerRoute peer, final Account account, final Msg msg, final QueueNames queues) {
        final RouteLink link = links.get(peer.node());
        if (link == null) {
            return;
        }
        if (!interest.isEmpty() && link.wouldFlush(account, msg, queues)) {
            flushInterest();
        }
        link.add(account, msg, queues);
        if (msg.origin() != null && link.isCongested()) {
            msg.origin().stall();
        }
        dueAtTurnEnd();
    }

    private void onLocalInterest(final Account account, final byte[] subject, final byte[] queue, final int count) {
        if (!linkList.isEmpty()) {
            interest.interest(account, subject, queue, count);
            dueAtTurnEnd();
        }
    }

    private void dueAtTurnEnd() {
        if (!isFlushDue) {
            isFlushDue = true;
            turnEnd.accept(flushTask);
        }
    }

    private void flush() {
        isFlushDue = false;
        flushInterest();
        for (int i = 0; i < linkList.size(); i++) {
            final RouteLink link = linkList.get(i);
            if (link.isReadyForSnapshot()) {
                sendSnapshot(link);
            }
            link.flush();
        }
        send.run(); // the node thread is about to block
    }

    private void flushInterest() {
        if (interest.isEmpty()) {
            return;
        }
        for (int i = 0; i < linkList.size(); i++) {
            linkList.get(i).interest(interest, false);
        }
        interest.clear();
    }

    /** The first frame makes the peer forget what it knew; the others add to it. */
    private void sendSnapshot(final RouteLink link) {
        final RouteBatch rows = new RouteBatch();
        final boolean[] isFirst = {true};
        link.snapshotSent();
        router.snapshot((account, subject, queue, count) -> {
            rows.interest(account, subject, queue, count);
            if (rows.length() >= SNAPSHOT_FRAME_LENGTH) {
                link.interest(rows, isFirst[0]);
                isFirst[0] = false;
                rows.clear();
            }
        });
        if (isFirst[0] || !rows.isEmpty()) {
            link.interest(rows, isFirst[0]);
        }
    }

    /**
     * Sends again what lanes did not take before. To be called in every turn of the node thread.
     *
     * @param nowNs monotonic time
     * @return frames sent
     */
    public int doWork(final long nowNs) {
        int work = 0;
        long dropped = 0;
        for (int i = 0; i < linkList.size(); i++) {
            final RouteLink link = linkList.get(i);
            if (link.hasWaiting()) {
                work += link.retry();
                if (link.isReadyForSnapshot()) {
                    dueAtTurnEnd();
                }
            }
            dropped += link.traffic().droppedMsgs();
        }
        if (dropped != droppedLogged && nowNs - nextDropLogNs >= 0) {
            LOG.warn("Routes can not take all messages: {} dropped so far", dropped);
            droppedLogged = dropped;
            nextDropLogNs = nowNs + DROP_LOG_NS;
        }
        return work;
    }

    /**
     * When {@link #doWork} must be called again.
     *
     * @param nowNs monotonic time
     * @return monotonic nanoseconds; {@link Long#MAX_VALUE} if nothing waits
     */
    public long nextDeadlineNs(final long nowNs) {
        for (int i = 0; i < linkList.size(); i++) {
            if (linkList.get(i).hasWaiting()) {
                return nowNs + RETRY_NS;
            }
        }
        return Long.MAX_VALUE;
    }

    /**
     * A frame of the route lane. Notices are somebody else's.
     *
     * @param from    peer
     * @param frame   frame
     * @param payload little endian, valid during the call
     * @param offset  absolute position of its first byte
     * @param length  number of bytes
     */
    public void onFrame(final NodeId from, final RouteFrame frame, final ByteBuffer payload, final int offset,
            final int length) {
        final RouteLink link = links.get(from);
        if (link == null) {
            return;
        }
        reader.wrap(payload, offset, length);
        try {
            switch (frame) {
                case RouteFrame.Interest told -> onInterest(link, told);
                case RouteFrame.Messages messages -> onMessages(link, messages.count());
                case RouteFrame.Notice notice -> LOG.debug("Notice {} is not for the route agent", notice.kind());
            }
        } catch (final RouteFormatException e) {
            LOG.warn("Route frame of {} was not understood, its rest is dropped: {}", link.info().serverName(),
                    e.getMessage());
        }
    }

    private void onInterest(final RouteLink link, final RouteFrame.Interest told) {
        if (told.snapshot()) {
            router.forgetInterest(link.route());
        }
        for (int i = 0; i < told.count(); i++) {
            final Account account = account();
            final byte[] subject = reader.text();
            final byte[] queue = reader.number() == 0 ? null : reader.text();
            router.remoteInterest(link.route(), account, subject, queue, reader.number());
        }
    }

    private void onMessages(final RouteLink link, final int count) {
        final RouteTraffic traffic = link.traffic();
        for (int i = 0; i < count; i++) {
            final Account account = account();
            final Msg msg = incoming.clear().fromPeer();
            final int subjectLength = reader.number();
            msg.subject(reader.buffer(), reader.skip(subjectLength), subjectLength);
            final int targetLength = reader.number();
            msg.target(reader.buffer(), reader.skip(targetLength), targetLength);
            final int replyLength = reader.number();
            msg.reply(reader.buffer(), reader.skip(replyLength), replyLength);
            incomingQueues.clear();
            for (int left = reader.number(); left > 0; left--) {
                incomingQueues.add(reader.text());
            }
            final int headers = reader.number();
            final int total = reader.number();
            msg.body(reader.buffer(), reader.skip(total), Math.min(headers, total), total);
            traffic.inMsgs++;
            traffic.inBytes += total;
            router.deliverFromPeer(account, msg, incomingQueues);
        }
    }

    /** Nearly always the account of the row before: then nothing is allocated. */
    private Account account() {
        final int length = reader.number();
        final int from = reader.skip(length);
        if (lastAccount == null || !isName(lastAccount.nameBytes(), from, length)) {
            final byte[] name = new byte[length];
            reader.buffer().get(from, name);
            lastAccount = router.account(new String(name, StandardCharsets.UTF_8));
        }
        return lastAccount;
    }

    private boolean isName(final byte[] name, final int from, final int length) {
        if (name.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (reader.buffer().get(from + i) != name[i]) {
                return false;
            }
        }
        return true;
    }
}

package jetstream.raft.driver;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.NodeId;
import jetstream.api.frame.NodeFrame;
import jetstream.raft.core.Leases;

/**
 * The failure detector of the node: one heartbeat per interval to every peer that is a member of a group led here,
 * whatever the number of groups (DESIGN D5). A follower gives up the leaders on a peer that is silent for the
 * shortest election time-out, or that is another process than before; a leader counts a peer as long as the
 * heartbeat that it answered last is younger than that, so that the lease ends here before it ends there.
 *
 * <p>While no group does anything heartbeats come half as often, and with a peer's rather than each at its own time:
 * at rest they are all that wakes a node (decision 0143).
 *
 * <p>After a stall of our own (paused process, starved CPU) nothing is concluded from silence until one more
 * interval has passed and the input that waited has been read. What our own leases say is believed at once: a leader
 * that slept is deposed before it applies, and so acknowledges, anything.
 */
final class NodeLiveness implements Leases {
    private final RaftDriver driver;
    private final RaftConfig config;
    private final long bootId;
    private final LongTable<Peer> byNode = new LongTable<>();
    private final List<Peer> peers = new ArrayList<>();
    private final long restingIntervalNs;
    private long beatNs;
    private boolean isBusy;
    private boolean hasHeardBeat;
    private long graceEndNs;
    private long promisedNs;

    NodeLiveness(final RaftDriver driver, final RaftConfig config, final long bootId) {
        this.driver = driver;
        this.config = config;
        this.bootId = bootId;
        restingIntervalNs = Math.min(2 * config.heartbeatIntervalNs(), config.electionTimeoutMinNs() / 3);
    }

    Peer peer(final long node) {
        final Peer known = byNode.get(node);
        if (known != null) {
            return known;
        }
        final Peer peer = new Peer(new NodeId(node), driver, driver.nowNs());
        byNode.put(node, peer);
        peers.add(peer);
        return peer;
    }

    @Override
    public long confirmedNs(final long node) {
        return peer(node).confirmedNs;
    }

    void onHeartbeat(final Peer peer, final NodeFrame.Heartbeat heartbeat) {
        noteBoot(peer, heartbeat.bootId());
        peer.heard = true;
        hasHeardBeat = true;
        peer.control.offer(new NodeFrame.HeartbeatReply(bootId, heartbeat.bootId(), heartbeat.sentNs(),
                driver.fullStores()));
    }

    void onHeartbeatReply(final Peer peer, final NodeFrame.HeartbeatReply reply) {
        if (reply.echoBootId() != bootId) {
            return;                                 // meant for the process that was here before
        }
        noteBoot(peer, reply.bootId());
        if (reply.echoSentNs() - peer.confirmedNs > 0) {
            peer.confirmedNs = reply.echoSentNs();
            peer.fullStores = reply.fullStores();
        }
    }

    /** First group that follows a leader there: silence counts from now on. */
    void follow(final Peer peer) {
        peer.followed++;
        if (driver.nowNs() - peer.heardNs > 0) {
            peer.heardNs = driver.nowNs();
        }
    }

    /** A group led here has a member there. */
    void lead(final Peer peer) {
        if (peer.led++ == 0) {
            peer.confirmedNs = driver.nowNs();
            peer.answers = true;
            beatNs = driver.nowNs() - restingIntervalNs;
        }
    }

    /** Groups had something to do. */
    void busy() {
        isBusy = true;
    }

    private long intervalNs() {
        return isBusy ? config.heartbeatIntervalNs() : restingIntervalNs;
    }

    /** Notes the time, says whether conclusions may be drawn from silence. */
    boolean begin(final long nowNs) {
        if (nowNs - promisedNs > config.heartbeatIntervalNs()) {
            graceEndNs = nowNs + config.heartbeatIntervalNs();
        }
        for (int i = 0; i < peers.size(); i++) {
            final Peer peer = peers.get(i);
            if (peer.heard) {
                peer.heard = false;
                peer.heardNs = nowNs;
            }
        }
        return nowNs - graceEndNs >= 0;
    }

    int doWork(final long nowNs, final boolean maySuspect) {
        final long intervalNs = hasHeardBeat ? intervalNs() / 2 : intervalNs();
        final boolean heartbeatDue = nowNs - beatNs >= intervalNs;
        hasHeardBeat = false;
        boolean lostOne = false;
        int work = 0;
        for (int i = 0; i < peers.size(); i++) {
            final Peer peer = peers.get(i);
            if (peer.led > 0) {
                lostOne |= noteAnswers(peer, nowNs) && !peer.answers;
                if (heartbeatDue) {
                    peer.control.offer(new NodeFrame.Heartbeat(bootId, nowNs));
                    work++;
                }
            }
            if (maySuspect && peer.followed > 0 && nowNs - peer.heardNs >= config.electionTimeoutMinNs()) {
                driver.onPeerSilent(peer);
                work++;
            }
        }
        if (heartbeatDue) {
            beatNs = nowNs;
            isBusy = false;
        }
        if (lostOne) {
            driver.checkQuorums();                  // a quorum that is there is lost with somebody's answers only
        }
        return work;
    }

    /** When {@link #doWork} has something to do by itself. Remembered: being called much later is a stall of ours. */
    long nextDeadlineNs(final long nowNs) {
        long next = nowNs + Long.MAX_VALUE / 4;
        for (int i = 0; i < peers.size(); i++) {
            final Peer peer = peers.get(i);
            if (peer.led > 0) {
                next = earlier(next, beatNs + intervalNs());
                if (peer.answers) {
                    next = earlier(next, peer.confirmedNs + config.electionTimeoutMinNs());
                }
            }
            if (peer.followed > 0) {
                next = earlier(next, later(peer.heardNs + config.electionTimeoutMinNs(), graceEndNs));
            }
        }
        return next;
    }

    long graceEndNs() {
        return graceEndNs;
    }

    void promise(final long deadlineNs) {
        promisedNs = deadlineNs;
    }

    private boolean noteAnswers(final Peer peer, final long nowNs) {
        final boolean answers = nowNs - peer.confirmedNs < config.electionTimeoutMinNs();
        if (answers == peer.answers) {
            return false;
        }
        peer.answers = answers;
        driver.onPeerAnswers(peer, answers, false);
        return true;
    }

    private void noteBoot(final Peer peer, final long newBootId) {
        if (peer.bootId != newBootId) {
            final boolean restarted = peer.bootId != 0;
            peer.bootId = newBootId;
            if (restarted) {
                driver.onPeerSilent(peer);
                driver.onPeerAnswers(peer, true, true);
            }
        }
    }

    static long earlier(final long left, final long right) {
        return left - right < 0 ? left : right;
    }

    private static long later(final long left, final long right) {
        return left - right > 0 ? left : right;
    }
}

package jetstream.transport.aeron;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jetstream.api.NodeId;
import jetstream.wire.LinkFrame;

/**
 * Knocks at addresses: configured routes for ever, addresses that gossip or a lost link told for a while. A publication
 * on the control lane to an address where nobody is costs a small datagram each 100 ms and connects within one of those
 * when somebody comes; so waiting needs no timers. Owner: the polling thread; names are resolved on virtual threads.
 */
final class Dialer {
    private static final long PROBE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long RESOLVE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long RESOLVE_AGAIN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long REFUSED_BACKOFF_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long FAILED_BACKOFF_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LEARNED_FORGET_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int DIALS_MAX = 256;

    private final List<Dial> dials = new ArrayList<>();
    private final Callbacks callbacks;
    private final LogLimiter log;
    private long nextToken = 1;

    Dialer(final Callbacks callbacks, final LogLimiter log) {
        this.callbacks = callbacks;
        this.log = log;
    }

    void addRoute(final URI route, final String ownCredentials, final long nowNs) {
        final String credentials = Addresses.credentialsOfRoute(route);
        dials.add(new Dial(Addresses.ofRoute(route), true, credentials.isEmpty() ? ownCredentials : credentials,
                nextToken++, nowNs));
    }

    /** Remembers where a node may be; known addresses are not added twice. */
    void learn(final NodeId node, final String host, final int port, final String credentials, final long nowNs) {
        final Addresses.HostPort target = new Addresses.HostPort(host, port);
        for (final Dial dial : dials) {
            if (dial.target.equals(target) || node.equals(dial.node)) {
                dial.forgetNs = nowNs + LEARNED_FORGET_NS;
                return;
            }
        }
        if (dials.size() < DIALS_MAX && port > 0) {
            final Dial dial = new Dial(target, false, credentials, nextToken++, nowNs);
            dial.forgetNs = nowNs + LEARNED_FORGET_NS;
            dials.add(dial);
        }
    }

    /** The dial that a hello answers, or null. */
    Dial byToken(final long token) {
        for (final Dial dial : dials) {
            if (dial.token == token) {
                return dial;
            }
        }
        return null;
    }

    /** A configured dial that leads to that node. */
    Dial configured(final NodeId node) {
        for (final Dial dial : dials) {
            if (dial.isConfigured && node.equals(dial.node)) {
                return dial;
            }
        }
        return null;
    }

    /** Our own hello arrived: that address is this server. */
    void foundSelf(final long token) {
        final Dial dial = byToken(token);
        if (dial != null) {
            dial.isSelf = true;
            dial.hangUp();
        }
    }

    void refused(final long token, final long nowNs) {
        final Dial dial = byToken(token);
        if (dial != null) {
            dial.hangUp();
            dial.node = null;
            dial.backoffUntilNs = nowNs + REFUSED_BACKOFF_NS;
        }
    }

    /** A link to that node could not be made from here: not again at once. */
    void backOff(final NodeId node, final long nowNs) {
        for (final Dial dial : dials) {
            if (node.equals(dial.node)) {
                dial.backoffUntilNs = nowNs + FAILED_BACKOFF_NS;
            }
        }
    }

    int step(final long nowNs) {
        int work = 0;
        for (int i = dials.size() - 1; i >= 0; i--) {
            final Dial dial = dials.get(i);
            if (dial.isSelf) {
                continue;
            }
            if (dial.node != null && callbacks.isLinked(dial.node)) {
                dial.hangUp();
                dial.forgetNs = nowNs + LEARNED_FORGET_NS;
            } else if (!dial.isConfigured && nowNs - dial.forgetNs >= 0) {
                dial.hangUp();
                dials.remove(i);
            } else if (nowNs - dial.backoffUntilNs >= 0) {
                work += knock(dial, nowNs);
            }
        }
        return work;
    }

    void close() {
        dials.forEach(Dial::hangUp);
    }

    private int knock(final Dial dial, final long nowNs) {
        resolve(dial, nowNs);
        if (dial.address == null) {
            return 0;
        }
        if (dial.sender == null) {
            dial.node = null;
            dial.sender = callbacks.open(dial.address);
            return 1;
        }
        if (dial.sender.failure() != null) {
            log.warn("dial " + dial.target, "cluster route " + dial.target + " can not be tried: "
                    + dial.sender.failure(), nowNs);
            refused(dial.token, nowNs);
            return 1;
        }
        if (nowNs - dial.nextProbeNs >= 0 && dial.sender.isConnected() && dial.sender.offer(callbacks.probe(dial))) {
            dial.nextProbeNs = nowNs + PROBE_INTERVAL_NS;
            return 1;
        }
        return 0;
    }

    private void resolve(final Dial dial, final long nowNs) {
        final InetAddress answer = dial.resolved.getAndSet(null);
        if (answer != null) {
            final InetSocketAddress address = new InetSocketAddress(answer, dial.target.port());
            if (!address.equals(dial.address)) {
                dial.hangUp();
                dial.address = address;
            }
        }
        if (nowNs - dial.resolveNs < 0 || dial.isResolving) {
            return;
        }
        final InetAddress literal = Addresses.literal(dial.target.host());
        if (literal != null) {
            dial.address = new InetSocketAddress(literal, dial.target.port());
            dial.resolveNs = nowNs + TimeUnit.DAYS.toNanos(1);
            return;
        }
        dial.resolveNs = nowNs + (dial.address == null ? RESOLVE_INTERVAL_NS : RESOLVE_AGAIN_NS);
        dial.isResolving = true;
        Thread.ofVirtual().name("resolve-" + dial.target.host()).start(() -> ask(dial));
    }

    /**
     * On a virtual thread. A name that is not known yet, for instance of a container that starts later, is asked again.
     */
    private static void ask(final Dial dial) {
        try {
            dial.resolved.set(Addresses.resolve(dial.target.host()));
        } catch (final UnknownHostException e) {
            dial.resolved.set(null);
        } finally {
            dial.isResolving = false;
        }
    }

    /** What the dialer needs of its owner. */
    interface Callbacks {
        /** Whether there is a link, up or in the making, to that node. */
        boolean isLinked(NodeId node);

        /** Opens a control lane. */
        LaneSender open(InetSocketAddress address);

        /** The hello that asks who is there. */
        LinkFrame probe(Dial dial);
    }
}

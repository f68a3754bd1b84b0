package jetstream.transport.aeron;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import jetstream.wire.LinkFrame;

/** Tells servers that they are refused, and the operator. A few at a time: being refused must not cost much. */
final class Refusals {
    private static final int PENDING_MAX = 8;
    private static final long SEND_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);

    private final List<Pending> pending = new ArrayList<>();
    private final Function<InetSocketAddress, LaneSender> opener;
    private final Self self;
    private final LogLimiter log;

    Refusals(final Self self, final Function<InetSocketAddress, LaneSender> opener, final LogLimiter log) {
        this.self = self;
        this.opener = opener;
        this.log = log;
    }

    void refuse(final LinkFrame.Hello hello, final InetSocketAddress address, final Self.Objection objection,
            final long nowNs) {
        final String name = hello.identity().serverName();
        log.warn("refused " + objection.reason() + name + address, "cluster link: refused server '" + name + "' at "
                + Addresses.text(address) + ": " + objection.detail(), nowNs);
        for (final Pending known : pending) {
            if (known.address.equals(address)) {
                return;
            }
        }
        if (pending.size() < PENDING_MAX) {
            final LinkFrame.Refused frame = new LinkFrame.Refused(self.node, hello.identity().bootId(),
                    hello.link().dialToken(), objection.reason(), objection.detail());
            pending.add(new Pending(address, opener.apply(address), frame, nowNs + SEND_TIMEOUT_NS));
        }
    }

    /** We were refused. */
    void refusedBy(final LinkFrame.Refused refused, final String target, final long nowNs) {
        log.warn("refused by " + refused.reason() + target, "cluster link: " + target + " refused server '"
                + self.serverName + "': " + refused.detail(), nowNs);
    }

    int step(final long nowNs) {
        int work = 0;
        for (int i = pending.size() - 1; i >= 0; i--) {
            final Pending next = pending.get(i);
            if (!next.isSent && next.sender.isConnected() && next.sender.offer(next.frame)) {
                next.isSent = true;
                work++;
            }
            // Kept until its time is over even if sent: the same server knocks again at once.
            if (nowNs - next.deadlineNs >= 0) {
                next.sender.close(false);
                pending.remove(i);
                work++;
            }
        }
        return work;
    }

    void close() {
        pending.forEach(next -> next.sender.close(false));
    }

    private static final class Pending {
        private final InetSocketAddress address;
        private final LaneSender sender;
        private final LinkFrame.Refused frame;
        private final long deadlineNs;
        private boolean isSent;

        Pending(final InetSocketAddress address, final LaneSender sender, final LinkFrame.Refused frame,
                final long deadlineNs) {
            this.address = address;
            this.sender = sender;
            this.frame = frame;
            this.deadlineNs = deadlineNs;
        }
    }
}

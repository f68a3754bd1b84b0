package jetstream.transport.aeron;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import jetstream.api.NodeId;

/** An address at which a peer may be, and the attempt to find out. Owner: the polling thread, but for what says so. */
final class Dial {
    final Addresses.HostPort target;
    final boolean isConfigured;
    final String credentials;
    final long token;
    /** Answer of the name service, put there by the resolving thread. */
    final AtomicReference<InetAddress> resolved = new AtomicReference<>();
    InetSocketAddress address;
    LaneSender sender;
    /** Node that answered here, or null. */
    NodeId node;
    boolean isSelf;
    /** Whether the name service is being asked; cleared by the resolving thread. */
    volatile boolean isResolving;
    long resolveNs;
    long nextProbeNs;
    long backoffUntilNs;
    long forgetNs;

    Dial(final Addresses.HostPort target, final boolean isConfigured, final String credentials, final long token,
            final long nowNs) {
        this.target = target;
        this.isConfigured = isConfigured;
        this.credentials = credentials;
        this.token = token;
        this.nextProbeNs = nowNs;
        this.backoffUntilNs = nowNs;
        this.resolveNs = nowNs;
    }

    void hangUp() {
        if (sender != null) {
            sender.close(true);
            sender = null;
        }
    }
}

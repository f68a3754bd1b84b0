package jetstream.server.net;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jetstream.server.conf.TimingConfig;
import jetstream.server.launch.LaunchLines;
import jetstream.server.launch.ServerInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the clients of a leaving server away gently: tells them at once, waits, then closes them one by one in random
 * order over the rest of the lame duck duration. Owner: node thread.
 *
 * @see "spec/client-protocol.md section 12"
 */
public final class LameDuck {
    private static final Logger LOG = LoggerFactory.getLogger(LameDuck.class);
    private static final long STEP_MAX_NS = TimeUnit.SECONDS.toNanos(1);

    private final NodeLoop loop;
    private final ClientTable clients;
    private final TimingConfig timing;
    private final Runnable whenDone;
    private List<ClientConnection> remaining = List.of();

    private LameDuck(final NodeLoop loop, final ClientTable clients, final TimingConfig timing,
            final Runnable whenDone) {
        this.loop = loop;
        this.clients = clients;
        this.timing = timing;
        this.whenDone = whenDone;
    }

    /**
     * Begins. Node thread, once.
     *
     * @param listener accepts nobody any more
     * @param info     tells that the server leaves
     * @param clients  the connections
     * @param timing   grace period and duration
     * @param loop     node thread
     * @param whenDone called on the node thread when all clients have gone
     */
    public static void begin(final ClientListener listener, final ServerInfo info, final ClientTable clients,
            final TimingConfig timing, final NodeLoop loop, final Runnable whenDone) {
        info.lameDuck(true);
        listener.stopAccepting();
        if (clients.connections().isEmpty()) {
            whenDone.run();
            return;
        }
        final String own = info.host() + ':' + info.port();
        info.connectUrls(info.connectUrls().stream().filter(url -> !url.equals(own)).toList());
        listener.sendInfoToAll();
        final LameDuck duck = new LameDuck(loop, clients, timing, whenDone);
        loop.eventLoop().schedule(duck::closeClients, timing.lameDuckGraceNs(), TimeUnit.NANOSECONDS);
    }

    private void closeClients() {
        LOG.info(LaunchLines.CLOSING_CLIENTS);
        remaining = new ArrayList<>(clients.connections());
        Collections.shuffle(remaining);
        final long spreadNs = timing.lameDuckDurationNs() - timing.lameDuckGraceNs();
        closeNext(Math.min(STEP_MAX_NS, spreadNs / Math.max(1, remaining.size())));
    }

    private void closeNext(final long stepNs) {
        if (remaining.isEmpty()) {
            whenDone.run();
            return;
        }
        remaining.removeLast().close(ClosedReason.SERVER_SHUTDOWN);
        loop.eventLoop().schedule(() -> closeNext(stepNs), stepNs, TimeUnit.NANOSECONDS);
    }
}

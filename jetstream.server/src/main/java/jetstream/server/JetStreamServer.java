package jetstream.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jetstream.api.NodeId;
import jetstream.server.auth.Authenticator;
import jetstream.server.conf.MonitorConfig;
import jetstream.server.conf.ServerConfig;
import jetstream.server.launch.LaunchException;
import jetstream.server.launch.LaunchLines;
import jetstream.server.launch.ServerInfo;
import jetstream.server.monitor.MonitorHttp;
import jetstream.server.net.ClientListener;
import jetstream.server.net.ClientTable;
import jetstream.server.net.ClosedReason;
import jetstream.server.net.EarlyPort;
import jetstream.server.net.LameDuck;
import jetstream.server.net.NodeLoop;
import jetstream.server.net.RouteDoor;
import jetstream.server.route.SubjectRouter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server inside this JVM. Starts one thread, and a small pool for bcrypt when a hash is first compared.
 * Thread-safe.
 *
 * <pre>{@code
 * try (JetStreamServer server = JetStreamServer.launch(ServerConfig.builder().host("127.0.0.1").port(-1).build())) {
 *     connect("nats://127.0.0.1:" + server.clientPort());
 * }
 * }</pre>
 */
public final class JetStreamServer implements RunningServer {
    private static final Logger LOG = LoggerFactory.getLogger(JetStreamServer.class);
    private static final long BLOCK_MAX_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int CLOSED_CONNECTIONS_KEPT = 10_000;

    private final ServerContext context;
    private final NodeAssembly assembly;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean isLeaving = new AtomicBoolean();
    private MonitorHttp http;
    private int clientPort;
    private RouteDoor routeDoor;
    private int monitorPort;

    private JetStreamServer(final ServerConfig config) {
        final ServerInfo info = new ServerInfo(config);
        final NodeLoop loop = new NodeLoop("node-" + info.name(), BLOCK_MAX_NS);
        final SubjectRouter router = new SubjectRouter(config.systemAccount(), ThreadLocalRandom.current().nextInt());
        final Authenticator authenticator = new Authenticator(config.security(), router, loop);
        final ClientTable table = new ClientTable(CLOSED_CONNECTIONS_KEPT);
        final ClientListener listener = new ClientListener(config, info, loop, router, authenticator, table);
        context = new ServerContext(config, info, loop, router, authenticator, table, listener);
        assembly = new NodeAssembly(context);
        loop.addAgent(assembly);
        loop.onFailure(failure -> stopped.countDown());
    }

    /**
     * Starts a server; it serves clients when this returns.
     *
     * @param config settings
     * @return the server, to be closed
     * @throws LaunchException if an address cannot be bound; nothing is left open then
     */
    public static JetStreamServer launch(final ServerConfig config) {
        return launch(config, new EarlyPort());
    }

    /** Starts a server whose client port may be bound already. */
    static JetStreamServer launch(final ServerConfig config, final EarlyPort port) {
        final JetStreamServer server = new JetStreamServer(config);
        server.logIdentity();
        server.context.loop().start();
        try {
            // Clients may knock while stores are opened; they are let in when there is something to serve.
            server.clientPort = server.context.listener().bind(port);
            server.open();
            server.openMonitor();
            server.assembly.awaitReady();
        } catch (final LaunchException e) {
            server.close();
            throw e;
        }
        server.context.loop().execute(() -> server.assembly.clientsWelcome(server.clientPort));
        server.context.listener().accept();
        LOG.info(String.format(LaunchLines.CLIENTS, config.host() + ':' + server.clientPort));
        LOG.info(LaunchLines.READY);
        server.logCluster();
        return server;
    }

    private void open() {
        try {
            context.loop().ask(() -> {
                assembly.open();
                return null;
            }).join();
        } catch (final CompletionException e) {
            throw new LaunchException(e.getCause().getMessage(), e.getCause());
        }
    }

    private void openMonitor() {
        final MonitorConfig monitor = context.config().monitor();
        if (!monitor.enabled()) {
            return;
        }
        http = new MonitorHttp(assembly.pages(), monitor.basePath());
        final String where = monitor.host() + ':' + monitor.port();
        try {
            monitorPort = http.bind(context.loop().eventLoop(), monitor.host(), monitor.port());
        } catch (final IOException e) {
            throw new LaunchException(String.format(LaunchLines.PORT_FAILED, where,
                    "listen tcp " + where + ": bind: " + e.getMessage()), e);
        }
        LOG.info(String.format(LaunchLines.MONITOR, monitor.host() + ':' + monitorPort));
    }

    private void logCluster() {
        if (context.config().cluster().enabled()) {
            final ServerInfo info = context.info();
            LOG.info(String.format(LaunchLines.CLUSTER_NAME, info.clusterName()));
            if (info.isClusterDynamic()) {
                LOG.warn(LaunchLines.CLUSTER_NAME_GENERATED);
            }
            final InetSocketAddress address = assembly.clusterAddress();
            LOG.info(String.format(LaunchLines.ROUTES, address.getHostString() + ':' + address.getPort()));
            routeDoor = new RouteDoor(info, address.getHostString(), address.getPort());
            routeDoor.open(context.loop());
        }
    }

    private void logIdentity() {
        final ServerInfo info = context.info();
        LOG.info(LaunchLines.STARTING);
        LOG.info(String.format(LaunchLines.VERSION_LINE, LaunchLines.VERSION));
        if (!info.clusterName().isEmpty()) {
            LOG.info(String.format(LaunchLines.CLUSTER_LINE, info.clusterName()));
        }
        LOG.info(String.format(LaunchLines.NAME_LINE, info.name()));
        if (info.hasJetStream()) {
            LOG.info(String.format(LaunchLines.NODE_LINE, NodeId.of(info.name()).peerId()));
        }
        LOG.info(String.format(LaunchLines.ID_LINE, info.id()));
        ConfigNotes.log(context.config());
    }

    @Override
    public int clientPort() {
        return clientPort;
    }

    @Override
    public int monitorPort() {
        return monitorPort;
    }

    @Override
    public int clusterPort() {
        final InetSocketAddress address = assembly.clusterAddress();
        return address == null ? 0 : address.getPort();
    }

    @Override
    public int webSocketPort() {
        return context.listener().webSocketPort();
    }

    /** JetStream and the cluster of this server. */
    NodeAssembly assembly() {
        return assembly;
    }

    private void closeAll() {
        context.listener().stopAccepting();
        context.listener().closeAll(ClosedReason.SERVER_SHUTDOWN);
        if (http != null) {
            http.close();
        }
        if (routeDoor != null) {
            routeDoor.close();
        }
        assembly.close();
        context.loop().removeAgent(assembly);
    }

    /** The parts of the server, for those who add to it. */
    public ServerContext context() {
        return context;
    }

    @Override
    public void awaitShutdown() throws InterruptedException {
        stopped.await();
    }

    @Override
    public void leave() {
        if (isLeaving.compareAndSet(false, true)) {
            context.loop().execute(() -> LameDuck.begin(context.listener(), context.info(), context.clients(),
                    context.config().timing(), context.loop(), this::close));
        }
    }

    /** Closes all connections and ends the node thread. Idempotent. */
    @Override
    public void close() {
        final NodeLoop loop = context.loop();
        if (stopped.getCount() > 0) {
            loop.execute(this::closeAll);
        }
        loop.close();
        context.authenticator().close();
        stopped.countDown();
    }
}

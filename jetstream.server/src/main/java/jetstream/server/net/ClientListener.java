package jetstream.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import jetstream.server.auth.Authenticator;
import jetstream.server.conf.ServerConfig;
import jetstream.server.launch.LaunchException;
import jetstream.server.launch.LaunchLines;
import jetstream.server.launch.ServerInfo;
import jetstream.server.route.SubjectRouter;

/** Accepts clients. Owner: node thread, apart from {@link #bind}. */
public final class ClientListener {
    static final int BACKLOG = 1024;
    private static final long WRITE_CHECK_MS = 500;
    /** One would do for small messages; large ones profit from fewer turns. */
    private static final int READS_PER_TURN = 4;

    private final ClientServices services;
    private final ServerConfig config;
    private final NodeLoop loop;
    private final ServerInfo info;
    private final Entrance entrance;
    private WebSocketListener webSocket;
    private Channel channel;

    /**
     * Makes a listener that is not bound yet.
     *
     * @param config        settings
     * @param info          what clients are told
     * @param loop          node thread
     * @param router        gets the messages
     * @param authenticator knows the users
     * @param table         gets the connections
     */
    public ClientListener(final ServerConfig config, final ServerInfo info, final NodeLoop loop,
            final SubjectRouter router, final Authenticator authenticator, final ClientTable table) {
        this.config = config;
        this.info = info;
        this.loop = loop;
        services = new ClientServices(config, loop, router, authenticator, table);
        entrance = Entrance.client(config, info, authenticator.isAnnounced());
        if (config.doors().webSocket().isPresent()) {
            webSocket = new WebSocketListener(services,
                    Entrance.webSocket(config, info, authenticator.isRequired(true)), config);
        }
    }

    /**
     * Binds: from now on clients can connect, but are not served before {@link #accept}. Any thread but the node
     * thread; waits for the node thread.
     *
     * @param early may have bound it already
     * @return the real port
     * @throws LaunchException if the address cannot be bound
     */
    public int bind(final EarlyPort early) {
        final ServerSocketChannel ready = early.take();
        final ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop.eventLoop())
                .channelFactory(() -> ready == null ? new NioServerSocketChannel() : new NioServerSocketChannel(ready))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(ConnectionInput.READ_LENGTH).maxMessagesPerRead(READS_PER_TURN))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel accepted) {
                        final ClientConnection client = new ClientConnection(services, accepted, entrance);
                        accepted.pipeline().addLast(new Greeting(client, services, entrance), client);
                    }
                });
        final ChannelFuture bound = ready == null ? bootstrap.bind(address(config)) : bootstrap.register();
        try {
            bound.get();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted while binding " + address(config), e);
        } catch (final ExecutionException e) {
            throw new LaunchException(portFailed(e.getCause()), e.getCause());
        }
        channel = bound.channel();
        final int port = ((InetSocketAddress) channel.localAddress()).getPort();
        info.port(port);
        loop.execute(() -> loop.eventLoop().scheduleWithFixedDelay(this::checkWrites, WRITE_CHECK_MS, WRITE_CHECK_MS,
                TimeUnit.MILLISECONDS));
        if (webSocket != null) {
            webSocket.bind();
        }
        return port;
    }

    /** Port for WebSocket; 0 if there is none. */
    public int webSocketPort() {
        return webSocket == null ? 0 : webSocket.port();
    }

    /** Serves the clients that have connected and those to come. Any thread. */
    public void accept() {
        channel.config().setAutoRead(true);
        if (webSocket != null) {
            webSocket.accept();
        }
    }

    private String portFailed(final Throwable cause) {
        final String where = config.host() + ':' + config.port();
        final String why = cause instanceof BindException && cause.getMessage().contains("in use")
                ? "address already in use"
                : cause.getMessage();
        return String.format(LaunchLines.PORT_FAILED, where, "listen tcp " + where + ": bind: " + why);
    }

    /** Where clients are listened for. */
    static InetSocketAddress address(final ServerConfig config) {
        final int port = Math.max(config.port(), 0);
        return config.host().isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(config.host(), port);
    }

    private void checkWrites() {
        final long nowNs = System.nanoTime();
        for (final ClientConnection connection : List.copyOf(services.table().connections())) {
            connection.checkWrites(nowNs);
        }
    }

    /** Sends INFO to all clients that can take one: something that it tells has changed. Node thread. */
    public void sendInfoToAll() {
        for (final ClientConnection connection : List.copyOf(services.table().connections())) {
            connection.sendInfo();
        }
    }

    /** Accepts nobody any more; open connections stay. Node thread. */
    public void stopAccepting() {
        if (channel != null) {
            channel.close();
        }
        if (webSocket != null) {
            webSocket.close();
        }
    }

    /** Closes all connections. Node thread. */
    public void closeAll(final ClosedReason reason) {
        for (final ClientConnection connection : List.copyOf(services.table().connections())) {
            connection.close(reason);
        }
    }
}

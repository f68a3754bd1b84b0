package jetstream.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.WebSocketConfig;
import jetstream.server.launch.LaunchException;
import jetstream.server.launch.LaunchLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts clients that use WebSocket. Owner: node thread, apart from {@link #bind} and {@link #accept}. */
final class WebSocketListener {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketListener.class);
    private static final int REQUEST_LENGTH_MAX = 16 << 10;
    /** One message may hold many operations. */
    private static final int INFLATED_MAX = 64 << 20;

    private final ClientServices services;
    private final Entrance entrance;
    private final WebSocketConfig config;
    private Channel channel;

    WebSocketListener(final ClientServices services, final Entrance entrance, final ServerConfig server) {
        this.services = services;
        this.entrance = entrance;
        config = server.doors().webSocket().orElseThrow();
    }

    /** Binds as {@link ClientListener#bind} does. */
    void bind() {
        final ServerBootstrap bootstrap = new ServerBootstrap()
                .group(services.loop().eventLoop())
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, ClientListener.BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel accepted) {
                        if (entrance.tls() != null) {
                            accepted.pipeline().addLast(entrance.newTlsHandler(services));
                        }
                        accepted.pipeline().addLast(new HttpServerCodec(),
                                new HttpObjectAggregator(REQUEST_LENGTH_MAX));
                        if (config.upgrade().compresses()) {
                            accepted.pipeline().addLast(new WebSocketServerCompressionHandler(INFLATED_MAX));
                        }
                        accepted.pipeline().addLast(new WebSocketDoor(services, entrance, accepted));
                    }
                });
        final HostPort listen = config.listen();
        final String where = listen.host() + ':' + listen.port();
        final ChannelFuture bound =
                bootstrap.bind(new InetSocketAddress(listen.host(), Math.max(listen.port(), 0)));
        try {
            bound.get();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted while binding " + where, e);
        } catch (final ExecutionException e) {
            throw new LaunchException(String.format(LaunchLines.PORT_FAILED, where,
                    "listen tcp " + where + ": bind: " + e.getCause().getMessage()), e.getCause());
        }
        channel = bound.channel();
        final String scheme = entrance.tls() == null ? "ws" : "wss";
        LOG.info(String.format(LaunchLines.WEBSOCKET, scheme, listen.host() + ':' + port()));
        if (entrance.tls() == null) {
            LOG.warn(LaunchLines.WEBSOCKET_WITHOUT_TLS);
        }
    }

    /** The real port. */
    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Serves those who have connected and those to come. */
    void accept() {
        channel.config().setAutoRead(true);
    }

    /** Accepts nobody any more. */
    void close() {
        if (channel != null) {
            channel.close();
        }
    }
}

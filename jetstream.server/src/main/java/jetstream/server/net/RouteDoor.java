package jetstream.server.net;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import jetstream.server.launch.LaunchLines;
import jetstream.server.launch.ServerInfo;
import jetstream.server.protocol.ProtocolError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP side of the cluster port, whose traffic is UDP. Whoever connects there has the wrong port, or only looks
 * whether the server listens: it gets INFO, an answer that says so, and is sent away. Owner: node thread.
 *
 * @see "spec/client-protocol.md section 10"
 */
public final class RouteDoor {
    private static final Logger LOG = LoggerFactory.getLogger(RouteDoor.class);
    private static final byte[] WRONG_PORT = ProtocolError.line("attempted to connect to route port");
    private static final long PATIENCE_S = 2;
    private static final int GUESTS_MAX = 64;
    private static final int PROTOCOL = 3;

    private final ServerInfo info;
    private final String host;
    private final int port;
    private Channel channel;
    private int guests;

    /**
     * Makes a door that is not open yet.
     *
     * @param info what is told
     * @param host address of the cluster listener
     * @param port port of the cluster listener
     */
    public RouteDoor(final ServerInfo info, final String host, final int port) {
        this.info = info;
        this.host = host;
        this.port = port;
    }

    /**
     * Opens the door. If the address is taken, the cluster works all the same: one warning. Any thread but the node
     * thread.
     *
     * @param loop node thread
     */
    public void open(final NodeLoop loop) {
        final ChannelFuture bound = new ServerBootstrap().group(loop.eventLoop())
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel accepted) {
                        accepted.pipeline().addLast(new Guest());
                    }
                }).bind(new InetSocketAddress(host, port));
        try {
            bound.get();
            channel = bound.channel();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException e) {
            LOG.warn("TCP port {}:{} of the cluster is not answered: {}", host, port, e.getCause().getMessage());
        }
    }

    /** Closes the door. */
    public void close() {
        if (channel != null) {
            channel.close();
        }
    }

    private String infoLine() {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("server_id", info.id());
            json.writeStringField("server_name", info.name());
            json.writeStringField("version", LaunchLines.VERSION);
            json.writeNumberField("proto", PROTOCOL);
            json.writeStringField("go", info.runtime());
            json.writeStringField("host", host);
            json.writeNumberField("port", port);
            json.writeBooleanField("headers", true);
            json.writeStringField("cluster", info.clusterName());
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("INFO could not be written to memory", e);
        }
        return "INFO " + text + " \r\n";
    }

    /** One who has come to the wrong door. */
    private final class Guest extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(final ChannelHandlerContext ctx) {
            if (++guests > GUESTS_MAX) {
                ctx.close();
                return;
            }
            ctx.writeAndFlush(Unpooled.copiedBuffer(infoLine(), StandardCharsets.UTF_8));
            ctx.executor().schedule(() -> ctx.close(), PATIENCE_S, TimeUnit.SECONDS);
        }

        @Override
        public void channelRead(final ChannelHandlerContext ctx, final Object bytes) {
            ReferenceCountUtil.release(bytes);
            ctx.writeAndFlush(Unpooled.wrappedBuffer(WRONG_PORT)).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void channelInactive(final ChannelHandlerContext ctx) {
            guests--;
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
            LOG.debug("Guest of the route port has gone: {}", cause.getMessage());
            ctx.close();
        }
    }
}

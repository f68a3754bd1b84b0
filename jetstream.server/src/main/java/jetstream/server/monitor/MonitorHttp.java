package jetstream.server.monitor;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The monitoring port: HTTP on the node thread, whose state the pages read. */
public final class MonitorHttp implements AutoCloseable {
    private static final int REQUEST_LENGTH_MAX = 1 << 20;

    private final MonitorPages pages;
    private final String basePath;
    private Channel channel;

    /** Serves those pages below that path. */
    public MonitorHttp(final MonitorPages pages, final String basePath) {
        this.pages = pages;
        this.basePath = basePath.endsWith("/") ? basePath.substring(0, basePath.length() - 1) : basePath;
    }

    /**
     * Binds. Any thread but the node thread; waits for it.
     *
     * @return the real port
     * @throws IOException if the address cannot be bound
     */
    public int bind(final EventLoopGroup loop, final String host, final int port) throws IOException {
        final ServerBootstrap bootstrap = new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(final SocketChannel accepted) {
                        accepted.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(REQUEST_LENGTH_MAX),
                                new Handler());
                    }
                });
        try {
            channel = bootstrap.bind(new InetSocketAddress(host, Math.max(0, port))).sync().channel();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while binding the monitoring port", e);
        }
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close();
        }
    }

    /** Answers requests of one connection. */
    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(final ChannelHandlerContext ctx, final FullHttpRequest request) {
            final QueryStringDecoder url = new QueryStringDecoder(request.uri());
            final String path = url.path();
            final MonitorPages.Page page = path.startsWith(basePath)
                    ? pages.page(path.length() == basePath.length() ? "/" : path.substring(basePath.length()),
                            new Query(url.parameters()))
                    : MonitorPages.Page.text(404, "404 page not found\n");
            final boolean headOnly = request.method().equals(HttpMethod.HEAD);
            final DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(page.code()),
                    headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(page.body()));
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, page.contentType())
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, page.body().length);
            final boolean keepAlive = HttpUtil.isKeepAlive(request);
            HttpUtil.setKeepAlive(response, keepAlive);
            final var written = ctx.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
            ctx.close(); // a peer that went away or sent garbage concerns nobody else
        }
    }
}

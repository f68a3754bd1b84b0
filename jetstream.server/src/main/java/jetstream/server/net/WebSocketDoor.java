package jetstream.server.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import jetstream.server.conf.WebSocketConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets HTTP requests in that ask for WebSocket, and makes clients of them. Owner: node thread.
 *
 * @see "spec/leaf-gateway-ws-mqtt.md section 6"
 */
final class WebSocketDoor extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketDoor.class);
    private static final int KEY_LENGTH = 16;
    private static final int FRAME_LENGTH_MAX = 64 << 20;
    private static final String VERSION = "13";

    private final ClientServices services;
    private final Entrance entrance;
    private final WebSocketConfig config;
    private final SocketChannel channel;
    private ScheduledFuture<?> patience;

    WebSocketDoor(final ClientServices services, final Entrance entrance, final SocketChannel channel) {
        this.services = services;
        this.entrance = entrance;
        this.channel = channel;
        config = entrance.webSocket();
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx) {
        final long timeoutNs = config.timing().handshakeTimeoutNs();
        if (timeoutNs > 0) {
            patience = ctx.executor().schedule(() -> ctx.close(), timeoutNs, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) {
        if (event instanceof final SslHandshakeCompletionEvent handshake) {
            if (!handshake.isSuccess()) {
                LOG.error("{} - TLS handshake error: {}", channel.remoteAddress(), handshake.cause().getMessage());
                ctx.close();
            } else if (!entrance.tls().isPinned(ctx.pipeline().get(SslHandler.class).engine().getSession())) {
                LOG.error("{} - TLS handshake error: the key of the certificate is not in pinned_certs",
                        channel.remoteAddress());
                ctx.close();
            }
        }
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext ctx, final FullHttpRequest request) {
        final HttpResponseStatus refusal = refusal(request);
        if (refusal != null) {
            refuse(ctx, refusal);
            return;
        }
        final ClientConnection client = new ClientConnection(services, channel, entrance);
        final String forwarded = ForwardedFor.first(request.headers().get("X-Forwarded-For"));
        if (forwarded != null) {
            client.forwardedFor(forwarded);
        }
        client.cookies(new UpgradeCookies(config.upgrade().cookies(), request.headers().get(HttpHeaderNames.COOKIE)));
        final HttpHeaders headers = new DefaultHttpHeaders();
        config.upgrade().headers().forEach(headers::set);
        final WebSocketServerHandshaker handshaker = new WebSocketServerHandshaker13(null, null,
                WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(FRAME_LENGTH_MAX)
                        .allowExtensions(config.upgrade().compresses())
                        .closeOnProtocolViolation(true).build());
        handshaker.handshake(channel, request, headers, ctx.newPromise()).addListener(done -> {
            if (done.isSuccess()) {
                welcome(ctx.pipeline(), client);
            } else {
                ctx.close();
            }
        });
    }

    private void welcome(final ChannelPipeline pipeline, final ClientConnection client) {
        if (patience != null) {
            patience.cancel(false);
        }
        pipeline.remove(this);
        pipeline.addLast(new WebSocketFrames(), client);
        client.begin();
        final SslHandler tls = pipeline.get(SslHandler.class);
        if (tls != null) {
            client.secured(tls.engine().getSession());
        }
        client.greet();
        client.awaitLogin();
    }

    /** Why a request is not let in; null if it is. */
    private HttpResponseStatus refusal(final FullHttpRequest request) {
        final HttpHeaders headers = request.headers();
        if (!HttpMethod.GET.equals(request.method())) {
            return HttpResponseStatus.METHOD_NOT_ALLOWED;
        }
        final boolean isUpgrade = !headers.get(HttpHeaderNames.HOST, "").isEmpty()
                && headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
                && isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""))
                && VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
        if (!isUpgrade) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        final String path = request.uri().split("\\?", 2)[0];
        if (path.endsWith("/leafnode") || path.endsWith("/mqtt")) {
            return HttpResponseStatus.NOT_FOUND;
        }
        final String origin = headers.get(HttpHeaderNames.ORIGIN, "");
        return Origins.isAllowed(config.upgrade(), origin, headers.get(HttpHeaderNames.HOST), entrance.tls() != null)
                ? null
                : HttpResponseStatus.FORBIDDEN;
    }

    private static boolean isKey(final String text) {
        try {
            return Base64.getDecoder().decode(text).length == KEY_LENGTH;
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    private void refuse(final ChannelHandlerContext ctx, final HttpResponseStatus status) {
        LOG.error("{} - websocket handshake error: {}", channel.remoteAddress(), status);
        final byte[] text = (status.reasonPhrase() + '\n').getBytes(StandardCharsets.US_ASCII);
        final DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(text));
        response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION)
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, text.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        LOG.debug("{} - websocket handshake error: {}", channel.remoteAddress(), cause.getMessage());
        ctx.close();
    }
}

package jetstream.server.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/** Ends a connection's channel so that the client gets what was written to it. Node thread. */
final class Farewell {
    private static final long LINGER_MS = 200;
    private static final long RESET_MS = 50;
    private static final int CODE_NORMAL = 1000;
    private static final int CODE_AWAY = 1001;
    private static final int CODE_PROTOCOL = 1002;
    private static final int CODE_POLICY = 1008;
    private static final int CODE_TOO_BIG = 1009;
    private static final int CODE_OTHER = 1011;
    private static final int REASON_LENGTH_MAX = 123;

    private Farewell() {
    }

    /**
     * Closes. With unread input a plain close would reset the connection and the client could lose the last word. One
     * that is sending too large a message is to notice while it sends, so it is reset in the end, as the reference
     * does.
     */
    static void say(final SocketChannel channel, final ClosedReason reason, final boolean hasLastWord,
            final boolean isWebSocket) {
        final boolean isOpen = channel.isActive();
        if (isOpen && isWebSocket && reason != ClosedReason.CLIENT_CLOSED) {
            final String text = reason.text().substring(0, Math.min(reason.text().length(), REASON_LENGTH_MAX));
            channel.writeAndFlush(new CloseWebSocketFrame(code(reason), text));
        }
        if (!isOpen || !hasLastWord && !isWebSocket) {
            channel.close();
        } else if (reason == ClosedReason.MAX_PAYLOAD && !isWebSocket) {
            channel.config().setAutoRead(false);
            channel.config().setSoLinger(0);
            channel.eventLoop().schedule(() -> channel.close(), RESET_MS, TimeUnit.MILLISECONDS);
        } else {
            linger(channel);
        }
    }

    private static void linger(final SocketChannel channel) {
        channel.config().setAutoRead(true);
        final SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.shutdownOutput());
        } else {
            tls.closeOutbound().addListener(done -> channel.shutdownOutput());
        }
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    }

    /** Status of a WebSocket close frame (spec/leaf-gateway-ws-mqtt.md section 6). */
    private static int code(final ClosedReason reason) {
        return switch (reason) {
            case CLIENT_CLOSED -> CODE_NORMAL;
            case AUTHENTICATION_TIMEOUT, AUTHENTICATION_FAILURE, AUTHENTICATION_EXPIRED, SLOW_CONSUMER_PENDING,
                    SLOW_CONSUMER_DEADLINE, MAX_ACCOUNT_CONNECTIONS, MAX_CONNECTIONS, MAX_SUBSCRIPTIONS ->
                CODE_POLICY;
            case PARSE_ERROR, PROTOCOL_VIOLATION, BAD_CLIENT_PROTOCOL, MAX_CONTROL_LINE -> CODE_PROTOCOL;
            case MAX_PAYLOAD -> CODE_TOO_BIG;
            case STALE_CONNECTION, SERVER_SHUTDOWN, READ_ERROR, WRITE_ERROR -> CODE_AWAY;
            default -> CODE_OTHER;
        };
    }
}

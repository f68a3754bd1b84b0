package jetstream.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import jetstream.server.protocol.ProtocolError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first moments of a connection to the client port: whether INFO or the TLS handshake comes first. Leaves the
 * pipeline when both are done. Owner: node thread.
 *
 * <ul>
 * <li>no TLS: INFO
 * <li>TLS: INFO in clear, then the handshake
 * <li>TLS first: the handshake, then INFO
 * <li>TLS first if the client begins: waits for its first byte; if none comes in time, as TLS
 * <li>TLS allowed: INFO, then the first byte of the client decides
 * </ul>
 *
 * @see "spec/client-protocol.md section 8"
 */
final class Greeting extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);
    private static final String TLS = "tls";
    /** First byte of a handshake record. */
    private static final int HANDSHAKE_RECORD = 0x16;

    private enum Stage {
        /** Nothing was sent; the first byte is waited for. */
        SILENT,
        /** INFO was sent; the first byte tells whether TLS is wanted. */
        SNIFFING,
        /** INFO was sent, the handshake runs. */
        GREETED,
        /** The handshake runs, INFO is to follow. */
        HANDSHAKE_FIRST,
        /** Nothing more to do. */
        DONE
    }

    private final ClientConnection connection;
    private final ClientServices services;
    private final Entrance entrance;
    private Stage stage = Stage.SILENT;
    private ScheduledFuture<?> patience;

    Greeting(final ClientConnection connection, final ClientServices services, final Entrance entrance) {
        this.connection = connection;
        this.services = services;
        this.entrance = entrance;
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        if (entrance.tls() == null) {
            connection.greet();
            connection.awaitLogin();
            leave(ctx);
        } else if (entrance.allowsNonTls()) {
            stage = Stage.SNIFFING;
            connection.greet();
            connection.awaitLogin();
        } else {
            switch (entrance.handshake().start()) {
                case AFTER_INFO -> greetThenSecure(ctx);
                case FIRST -> secure(ctx, Stage.HANDSHAKE_FIRST);
                case FIRST_IF_CLIENT_BEGINS -> patience = ctx.executor().schedule(() -> greetThenSecure(ctx),
                        entrance.handshake().waitNs(), TimeUnit.NANOSECONDS);
            }
        }
    }

    private void greetThenSecure(final ChannelHandlerContext ctx) {
        connection.greet();
        if (!connection.isClosed()) {
            secure(ctx, Stage.GREETED);
        }
    }

    private void secure(final ChannelHandlerContext ctx, final Stage next) {
        stage = next;
        if (patience != null) {
            patience.cancel(false);
        }
        ctx.pipeline().addFirst(TLS, entrance.newTlsHandler(services));
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object bytes) {
        if (stage == Stage.SNIFFING && !startsHandshake((ByteBuf) bytes)) {
            leave(ctx);
            ctx.fireChannelRead(bytes);
        } else if (stage == Stage.SNIFFING || stage == Stage.SILENT) {
            secure(ctx, stage == Stage.SILENT ? Stage.HANDSHAKE_FIRST : Stage.GREETED);
            ctx.pipeline().fireChannelRead(bytes);
        } else {
            ctx.fireChannelRead(bytes);
        }
    }

    private static boolean startsHandshake(final ByteBuf bytes) {
        return bytes.isReadable() && bytes.getByte(bytes.readerIndex()) == HANDSHAKE_RECORD;
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) {
        if (!(event instanceof final SslHandshakeCompletionEvent handshake)) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        final Stage before = stage;
        if (!handshake.isSuccess()) {
            fail(ctx, handshake.cause());
        } else if (!entrance.tls().isPinned(ctx.pipeline().get(SslHandler.class).engine().getSession())) {
            LOG.error("{} - TLS handshake error: the key of the certificate is not in pinned_certs", connection);
            connection.close(ClosedReason.TLS_HANDSHAKE);
        } else {
            connection.secured(ctx.pipeline().get(SslHandler.class).engine().getSession());
            if (before == Stage.HANDSHAKE_FIRST) {
                connection.greet();
            }
            connection.awaitLogin();
            leave(ctx);
        }
    }

    private void fail(final ChannelHandlerContext ctx, final Throwable cause) {
        LOG.error("{} - TLS handshake error: {}", connection, cause.getMessage());
        if (cause instanceof SslHandshakeTimeoutException) {
            // In clear, as there is nothing else.
            ctx.pipeline().remove(SslHandler.class);
            connection.fail(ProtocolError.TLS_REQUIRED, ClosedReason.TLS_HANDSHAKE);
        } else {
            connection.close(ClosedReason.TLS_HANDSHAKE);
        }
    }

    private void leave(final ChannelHandlerContext ctx) {
        stage = Stage.DONE;
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }
}

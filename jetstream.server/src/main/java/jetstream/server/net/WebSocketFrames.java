package jetstream.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Frames of WebSocket to and from bytes of the client protocol, for which the limits of frames mean nothing. Owner:
 * node thread.
 */
final class WebSocketFrames extends ChannelDuplexHandler {
    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
        if (message instanceof final CloseWebSocketFrame close) {
            ctx.writeAndFlush(close).addListener(done -> ctx.close());
        } else if (message instanceof final PingWebSocketFrame ping) {
            ctx.writeAndFlush(new PongWebSocketFrame(ping.content()));
        } else if (message instanceof PongWebSocketFrame) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof final WebSocketFrame frame) {
            ctx.fireChannelRead(frame.content());
        } else {
            // Sent before the upgrade was answered: nobody knows what it was meant for.
            ReferenceCountUtil.release(message);
            ctx.close();
        }
    }

    @Override
    public void write(final ChannelHandlerContext ctx, final Object message, final ChannelPromise promise) {
        ctx.write(message instanceof final ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }
}

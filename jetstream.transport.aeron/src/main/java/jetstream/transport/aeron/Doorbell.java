package jetstream.transport.aeron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import jetstream.api.transport.TransportContext.ChannelRegistrar;
import org.agrona.CloseHelper;

/**
 * Wakes servers that share our media driver. What comes through shared memory makes no channel readable, so the sender
 * also sends one byte to a loopback port that the receiver has in its selector; once per poll and peer. Owner: the
 * polling thread.
 */
final class Doorbell implements AutoCloseable {
    private final DatagramChannel channel;
    private final AutoCloseable registration;
    private final ByteBuffer ring = ByteBuffer.allocateDirect(1);
    private final ByteBuffer heard = ByteBuffer.allocateDirect(16);

    Doorbell(final ChannelRegistrar registrar) throws IOException {
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        registration = registrar.register(channel);
    }

    int port() {
        return channel.socket().getLocalPort();
    }

    /** Address to ring at. */
    static InetSocketAddress at(final int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Wakes whoever listens there. A lost ring costs the receiver its idle interval, no more. */
    void ring(final InetSocketAddress address) {
        ring.clear();
        try {
            channel.send(ring, address);
        } catch (final IOException e) {
            throw new UncheckedIOException("ringing the doorbell at " + address, e);
        }
    }

    /** Takes all rings, so that the channel is not readable any more. */
    void silence() {
        try {
            do {
                heard.clear();
            } while (channel.receive(heard) != null);
        } catch (final IOException e) {
            throw new UncheckedIOException("reading the doorbell", e);
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(registration, channel);
    }
}

package jetstream.transport.aeron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Stands before a server's UDP endpoint and loses, doubles and delays datagrams of both directions. On its own thread.
 */
final class LossyProxy implements AutoCloseable {
    private final Selector selector;
    private final DatagramChannel front;
    private final InetSocketAddress target;
    private final Map<SocketAddress, DatagramChannel> clients = new HashMap<>();
    private final Random random;
    private final double loss;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
    private ByteBuffer delayed;
    private SocketAddress delayedTarget;
    private DatagramChannel delayedChannel;

    LossyProxy(final DatagramChannel front, final int targetPort, final double loss, final long seed)
            throws IOException {
        this.front = front;
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        this.loss = loss;
        this.random = new Random(seed);
        this.selector = Selector.open();
        front.configureBlocking(false);
        front.register(selector, SelectionKey.OP_READ);
        thread = Thread.ofPlatform().name("lossy-proxy").start(this::run);
    }

    static DatagramChannel bind() throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Override
    public void close() throws IOException {
        thread.interrupt();
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
        front.close();
        for (final DatagramChannel client : clients.values()) {
            client.close();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                selector.select(5);
                for (final SelectionKey key : selector.selectedKeys()) {
                    forward((DatagramChannel) key.channel(), (SocketAddress) key.attachment());
                }
                selector.selectedKeys().clear();
            }
        } catch (final ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forward(final DatagramChannel channel, final SocketAddress client) throws IOException {
        while (true) {
            buffer.clear();
            final SocketAddress source = channel.receive(buffer);
            if (source == null) {
                return;
            }
            buffer.flip();
            if (channel == front) {
                pass(clientOf(source), target);
            } else {
                pass(front, client);
            }
        }
    }

    private DatagramChannel clientOf(final SocketAddress source) throws IOException {
        final DatagramChannel known = clients.get(source);
        if (known != null) {
            return known;
        }
        final DatagramChannel client = bind();
        client.configureBlocking(false);
        client.register(selector, SelectionKey.OP_READ, source);
        clients.put(source, client);
        return client;
    }

    private void pass(final DatagramChannel channel, final SocketAddress address) throws IOException {
        final double dice = random.nextDouble();
        if (dice < loss) {
            return;
        }
        if (dice < 2 * loss && delayed == null) {
            delayed = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
            delayedChannel = channel;
            delayedTarget = address;
            return;
        }
        if (dice < 3 * loss) {
            channel.send(buffer.duplicate(), address);
        }
        channel.send(buffer, address);
        if (delayed != null) {
            delayedChannel.send(delayed, delayedTarget);
            delayed = null;
        }
    }
}

package jetstream.transport.aeron;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import jetstream.api.transport.FrameHandler;
import jetstream.api.transport.Transport;
import jetstream.api.transport.TransportContext;

/** One transport on one thread that blocks in a selector, as a server's loop does; for processes of their own. */
final class SelectorNode implements AutoCloseable {
    private final Selector selector;
    private final Transport transport;

    SelectorNode(final String name, final int port, final List<URI> routes, final Map<String, String> settings)
            throws IOException {
        say(name, "starting");
        selector = Selector.open();
        transport = new AeronTransportProvider().open(new TransportContext("measure", name,
                ThreadLocalRandom.current().nextLong(), "127.0.0.1", port, "", routes, settings, "", Map.of(),
                this::register, (warning, text) -> say(name, text)));
        say(name, "open");
    }

    Transport transport() {
        return transport;
    }

    /** One turn: poll, and block if there was nothing. */
    void turn(final FrameHandler handler) throws IOException {
        if (transport.poll(handler, 256, System.nanoTime()) > 0) {
            return;
        }
        final long nowNs = System.nanoTime();
        final long waitNs = transport.nextDeadlineNs(nowNs) - nowNs;
        if (waitNs > 0) {
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNs)));
            selector.selectedKeys().clear();
        }
    }

    @Override
    public void close() {
        transport.close();
        try {
            selector.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(final String name, final String text) {
        System.err.println(System.currentTimeMillis() % 1_000_000 + " " + name + ": " + text);
    }

    private AutoCloseable register(final SelectableChannel channel) {
        try {
            final SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            return key::cancel;
        } catch (final ClosedChannelException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package jetstream.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import jetstream.server.conf.ServerConfig;

/**
 * The client port of a server process, bound as soon as the settings are known: launchers knock after a fraction of a
 * second, and most of a start's time passes after this. The operating system keeps those who knock until they are let
 * in. Not thread-safe.
 */
public final class EarlyPort {
    private ServerSocketChannel channel;

    /** Binds nothing yet. */
    public EarlyPort() {
    }

    /** Binds, if that is possible; if not, {@link ClientListener#bind} will say why. */
    public void open(final ServerConfig config) {
        ServerSocketChannel opened = null;
        try {
            opened = ServerSocketChannel.open();
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            opened.bind(ClientListener.address(config), ClientListener.BACKLOG);
            channel = opened;
        } catch (final IOException | IllegalArgumentException e) { // also of a host that is not known
            free(opened);
        }
    }

    /** Hands the bound channel over; null if there is none. */
    ServerSocketChannel take() {
        final ServerSocketChannel taken = channel;
        channel = null;
        return taken;
    }

    /** Frees the port if nobody has taken it. */
    public void close() {
        free(take());
    }

    private static void free(final ServerSocketChannel open) {
        if (open != null) {
            try {
                open.close();
            } catch (final IOException e) {
                throw new UncheckedIOException("the client port can not be freed", e);
            }
        }
    }
}

package jetstream.server.acceptance;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that were free a moment ago, for TCP and UDP. They lie below the range that systems give to outgoing
 * connections: a killed server must find its port free when it returns.
 */
public record Ports(int client, int cluster, int monitor) {
    private static final int LOWEST = 20_000;
    private static final int RANGE = 12_000;

    public static Ports free() {
        return new Ports(next(), next(), next());
    }

    public static int next() {
        while (true) {
            final int port = LOWEST + ThreadLocalRandom.current().nextInt(RANGE);
            if (isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(final int port) {
        final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (ServerSocket tcp = new ServerSocket(); DatagramSocket udp = new DatagramSocket(address)) {
            tcp.bind(address);
            return udp.isBound();
        } catch (final IOException e) {
            return false;
        }
    }
}

package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import jetstream.server.launch.ServerInfo;
import jetstream.server.conf.ServerConfig;
import org.junit.jupiter.api.Test;

final class RouteDoorTest {
    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    @Test
    void clientIsToldThatItHasTheWrongPort() throws IOException {
        final int port = freePort();
        try (NodeLoop loop = new NodeLoop("test", TimeUnit.MILLISECONDS.toNanos(20))) {
            loop.start();
            final RouteDoor door = new RouteDoor(new ServerInfo(ServerConfig.defaults()), "127.0.0.1", port);
            door.open(loop);
            try (RawClient client = new RawClient(port)) {
                assertTrue(client.info().startsWith("INFO {"), client.info());
                client.send("CONNECT {}\r\n");
                assertEquals("-ERR 'attempted to connect to route port'\r\n", client.untilClosed());
            }
        }
    }
}

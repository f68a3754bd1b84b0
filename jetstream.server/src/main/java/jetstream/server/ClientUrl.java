package jetstream.server;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import jetstream.server.conf.ServerConfig;

/** The address under which clients reach a server, as other servers tell them. */
final class ClientUrl {
    private ClientUrl() {
    }

    static String of(final ServerConfig config, final int port) {
        final String advertise = config.client().advertise();
        if (!advertise.isEmpty()) {
            return advertise.indexOf(':') >= 0 ? advertise : advertise + ':' + port;
        }
        final String host = config.host();
        return (host.equals("0.0.0.0") || host.equals("::") ? firstAddress() : host) + ':' + port;
    }

    /** Of the addresses of this machine the first that others can reach; loopback if there is no other. */
    private static String firstAddress() {
        try {
            return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress() && a.getAddress().length == 4)
                    .map(InetAddress::getHostAddress).findFirst().orElse("127.0.0.1");
        } catch (final SocketException e) {
            return "127.0.0.1";
        }
    }
}

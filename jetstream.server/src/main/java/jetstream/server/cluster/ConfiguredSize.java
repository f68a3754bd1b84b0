package jetstream.server.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import jetstream.server.conf.ClusterConfig;
import jetstream.server.conf.RouteUrl;

/** How many servers the configuration speaks of: this one, and its routes that do not lead back to it. */
final class ConfiguredSize {
    private ConfiguredSize() {
    }

    static int of(final ClusterConfig cluster, final InetSocketAddress self) {
        final Set<String> others = new HashSet<>();
        cluster.routes().forEach(route -> {
            if (!leadsTo(route, self)) {
                others.add(route.host() + ":" + route.port());
            }
        });
        return others.size() + 1;
    }

    private static boolean leadsTo(final RouteUrl route, final InetSocketAddress self) {
        if (route.port() != self.getPort()) {
            return false;
        }
        try {
            final InetAddress address = InetAddress.getByName(route.host());
            return self.getAddress().isAnyLocalAddress() ? NetworkInterface.getByInetAddress(address) != null
                    : self.getAddress().equals(address);
        } catch (final UnknownHostException | SocketException e) {
            return false; // not known yet: then it is not this server
        }
    }
}

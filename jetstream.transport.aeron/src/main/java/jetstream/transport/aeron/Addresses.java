package jetstream.transport.aeron;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import jetstream.wire.LinkFrame;

/** Reads and writes addresses. Nothing here asks a name server. */
final class Addresses {
    private Addresses() {
    }

    /** {@code host}, {@code host:port} or {@code [v6]:port}, not resolved. */
    record HostPort(String host, int port) {
        static HostPort of(final String text, final int defaultPort) {
            final int colon = text.lastIndexOf(':');
            final boolean hasPort = colon > text.lastIndexOf(']') && text.indexOf(':') == colon
                    || colon > text.lastIndexOf(']') && text.startsWith("[");
            final String host = hasPort ? text.substring(0, colon) : text;
            return new HostPort(bare(host), hasPort ? parsePort(text.substring(colon + 1), defaultPort) : defaultPort);
        }

        @Override
        public String toString() {
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /** Where a route leads; its URI may have a host with characters that {@link URI#getHost} refuses. */
    static HostPort ofRoute(final URI route) {
        final String authority = route.getRawAuthority() == null ? route.toString() : route.getRawAuthority();
        return HostPort.of(authority.substring(authority.lastIndexOf('@') + 1), 6222);
    }

    /** {@code user:password} of a route, or empty. */
    static String credentialsOfRoute(final URI route) {
        final String userInfo = route.getUserInfo();
        if (userInfo != null) {
            return userInfo;
        }
        final String authority = route.getAuthority() == null ? "" : route.getAuthority();
        return authority.indexOf('@') < 0 ? "" : authority.substring(0, authority.lastIndexOf('@'));
    }

    /** The address if the text is a literal one, else null. */
    static InetAddress literal(final String host) {
        try {
            return InetAddress.ofLiteral(bare(host));
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    /** Asks the name service: may block for seconds, never call it from the polling thread. */
    static InetAddress resolve(final String host) throws UnknownHostException {
        return InetAddress.getByName(host);
    }

    /** {@code 127.0.0.1:6222} or {@code [::1]:6222}, as Aeron's channels want it. */
    static String text(final InetSocketAddress address) {
        return text(address.getAddress(), address.getPort());
    }

    static String text(final InetAddress address, final int port) {
        final String host = address.getHostAddress();
        final int scope = host.indexOf('%');
        final String plain = scope < 0 ? host : host.substring(0, scope);
        return address instanceof Inet6Address ? "[" + plain + "]:" + port : plain + ":" + port;
    }

    /** Whether datagrams to that address stay on this machine. */
    static boolean isLocal(final InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (final SocketException e) {
            return false;       // then it is treated as remote, which is always right, only slower
        }
    }

    /** What a peer advertises, if that needs no name service; else the address its datagrams come from. */
    static InetSocketAddress replyTo(final LinkFrame.Reach reach, final String sourceAddress) {
        final HostPort advertised = HostPort.of(reach.advertise(), reach.port());
        final InetAddress wanted = advertised.host().isEmpty() ? null : literal(advertised.host());
        final InetAddress source = sourceAddress.isEmpty() ? null : literal(sourceAddress);
        final InetAddress seen = source != null ? source : InetAddress.getLoopbackAddress();
        return new InetSocketAddress(wanted != null ? wanted : seen, advertised.port());
    }

    private static String bare(final String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int parsePort(final String text, final int absent) {
        try {
            final int port = Integer.parseInt(text);
            return port > 0 && port < 65_536 ? port : absent;
        } catch (final NumberFormatException e) {
            return absent;
        }
    }
}

package jetstream.server.net;

import io.netty.util.NetUtil;

/** The address of a client in front of a proxy. */
final class ForwardedFor {
    private ForwardedFor() {
    }

    /** The first address of {@code X-Forwarded-For}; null if there is none, or it is no IP address. */
    static String first(final String header) {
        if (header == null) {
            return null;
        }
        final String address = header.split(",", 2)[0].strip();
        return NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address) ? address : null;
    }
}

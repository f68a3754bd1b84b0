package jetstream.server.auth;

import java.net.InetAddress;

/** Ranges of addresses, written as {@code 10.0.0.0/8}. */
final class Network {
    private static final int BITS_PER_BYTE = 8;

    private Network() {
    }

    /** Whether an address is in a range; false if one of them cannot be read. */
    static boolean contains(final String cidr, final String address) {
        final int slash = cidr.indexOf('/');
        if (slash < 0) {
            return false;
        }
        try {
            final byte[] network = InetAddress.ofLiteral(cidr.substring(0, slash).strip()).getAddress();
            final byte[] asked = InetAddress.ofLiteral(address).getAddress();
            final int bits = Integer.parseInt(cidr.substring(slash + 1).strip());
            return network.length == asked.length && bits <= network.length * BITS_PER_BYTE
                    && isSame(network, asked, bits);
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isSame(final byte[] a, final byte[] b, final int bits) {
        for (int i = 0; i < bits; i++) {
            final int shift = BITS_PER_BYTE - 1 - i % BITS_PER_BYTE;
            if ((a[i / BITS_PER_BYTE] >> shift & 1) != (b[i / BITS_PER_BYTE] >> shift & 1)) {
                return false;
            }
        }
        return true;
    }
}

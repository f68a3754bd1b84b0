package jetstream.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Identity of a server process in a cluster: a stable hash of its {@code server_name}. Two servers of one name are the
 * same node, so a duplicate name is refused at the handshake (DESIGN section 5).
 *
 * @param value the first eight bytes of the name's SHA-256, big endian
 */
public record NodeId(long value) implements Comparable<NodeId> {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** The node of that server name. */
    public static NodeId of(final String serverName) {
        return new NodeId(hash(serverName));
    }

    /**
     * The eight-character hash that clients and tools know (spec/jetstream-api.md section 4): peer ids, account hashes.
     */
    public static String shortHash(final String text) {
        return new NodeId(hash(text)).peerId();
    }

    /** This node's id as tools print it: each of the eight bytes modulo 62 indexes {@code 0-9A-Za-z}. */
    public String peerId() {
        final char[] chars = new char[8];
        for (int i = 0; i < 8; i++) {
            chars[i] = DIGITS.charAt((int) (value >>> (56 - 8 * i) & 0xff) % 62);
        }
        return new String(chars);
    }

    @Override
    public int compareTo(final NodeId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return peerId();
    }

    private static long hash(final String text) {
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value = value << 8 | digest[i] & 0xff;
            }
            return value;
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is required of every JDK", e);
        }
    }
}

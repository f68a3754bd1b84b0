package jetstream.server.jwt;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/**
 * A public key of NATS: one byte that tells what it is for, 32 bytes of Ed25519 (or of a curve key), a CRC-16, all in
 * base32 without padding. Thread-safe: immutable.
 *
 * @see "spec/auth-accounts.md section 2"
 */
public final class NKey {

    /** What a key is for; the first letter of its text. */
    public enum Kind {
        /** A server process. */
        SERVER('N', 13),
        /** An operator. */
        OPERATOR('O', 14),
        /** An account. */
        ACCOUNT('A', 0),
        /** A user. */
        USER('U', 20),
        /** Encryption between servers and services. */
        CURVE('X', 23);

        private final char letter;
        private final int prefix;

        Kind(final char letter, final int base32Digit) {
            this.letter = letter;
            this.prefix = base32Digit << 3;
        }
    }

    private static final int RAW_LENGTH = 32;
    private static final int LENGTH = 1 + RAW_LENGTH + 2;
    private static final int TEXT_LENGTH = 56;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    /** What stands before the 32 bytes in the JDK's form of an Ed25519 public key. */
    private static final byte[] ED25519_HEAD = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private final String text;
    private final byte[] raw;

    private NKey(final String text, final byte[] raw) {
        this.text = text;
        this.raw = raw;
    }

    /** Reads a key of one kind; empty if it is not one. */
    public static Optional<NKey> parse(final Kind kind, final String text) {
        if (text.length() != TEXT_LENGTH || text.charAt(0) != kind.letter) {
            return Optional.empty();
        }
        final byte[] bytes = decode(text);
        if (bytes == null || bytes.length != LENGTH || (bytes[0] & 0xff) != kind.prefix) {
            return Optional.empty();
        }
        final int crc = bytes[LENGTH - 2] & 0xff | (bytes[LENGTH - 1] & 0xff) << 8;
        if (crc != crc16(bytes, LENGTH - 2)) {
            return Optional.empty();
        }
        final byte[] raw = new byte[RAW_LENGTH];
        System.arraycopy(bytes, 1, raw, 0, RAW_LENGTH);
        return Optional.of(new NKey(text, raw));
    }

    /** Whether a text is a key of that kind. */
    public static boolean isKey(final Kind kind, final String text) {
        return parse(kind, text).isPresent();
    }

    /**
     * Writes a key.
     *
     * @param raw 32 bytes
     */
    public static String text(final Kind kind, final byte[] raw) {
        final byte[] bytes = new byte[LENGTH];
        bytes[0] = (byte) kind.prefix;
        System.arraycopy(raw, 0, bytes, 1, RAW_LENGTH);
        final int crc = crc16(bytes, LENGTH - 2);
        bytes[LENGTH - 2] = (byte) crc;
        bytes[LENGTH - 1] = (byte) (crc >>> 8);
        return encode(bytes);
    }

    /** Whether the owner of the key has signed a message. Takes some tenths of a millisecond. Any thread. */
    public boolean hasSigned(final byte[] message, final byte[] signature) {
        final byte[] encoded = new byte[ED25519_HEAD.length + RAW_LENGTH];
        System.arraycopy(ED25519_HEAD, 0, encoded, 0, ED25519_HEAD.length);
        System.arraycopy(raw, 0, encoded, ED25519_HEAD.length, RAW_LENGTH);
        try {
            final PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            final Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(message);
            return check.verify(signature);
        } catch (final GeneralSecurityException e) {
            return false; // bytes that are no key or no signature of this kind
        }
    }

    @Override
    public String toString() {
        return text;
    }

    /** Base32 without padding. */
    private static String encode(final byte[] bytes) {
        final StringBuilder text = new StringBuilder();
        int bits = 0;
        int value = 0;
        for (final byte b : bytes) {
            value = value << 8 | b & 0xff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32.charAt(value >>> bits & 31));
            }
        }
        if (bits > 0) {
            text.append(BASE32.charAt(value << 5 - bits & 31));
        }
        return text.toString();
    }

    private static byte[] decode(final String text) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(LENGTH);
        int bits = 0;
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            final int digit = BASE32.indexOf(text.charAt(i));
            if (digit < 0) {
                return null;
            }
            value = value << 5 | digit;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.write(value >>> bits);
            }
        }
        return bytes.toByteArray();
    }

    /** CRC-16/XMODEM. */
    private static int crc16(final byte[] bytes, final int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
            crc &= 0xffff;
        }
        return crc;
    }
}

package jetstream.server.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and private keys in a PEM file. Keys may be written as PKCS #8, as PKCS #1 (RSA) or as SEC 1 (EC); the
 * JDK reads only the first, so the others are put into its envelope.
 */
final class PemFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
    private static final byte[] EC_OID = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 4;
    private static final int EC_PARAMETERS = 0xa0;
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

    private final Path path;
    private final List<Block> blocks = new ArrayList<>();

    private record Block(String kind, byte[] der) {
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read or a block is not base64
     */
    PemFile(final Path path) throws IOException {
        this.path = path;
        final Matcher matcher = BLOCK.matcher(Files.readString(path, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2).strip())));
            } catch (final IllegalArgumentException e) {
                throw new IOException("a block \"" + matcher.group(1) + "\" is not base64", e);
            }
        }
    }

    /** All certificates in the order of the file, at least one. */
    List<X509Certificate> certificates() throws IOException, GeneralSecurityException {
        final List<X509Certificate> all = new ArrayList<>();
        final CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (final Block block : blocks) {
            if ("CERTIFICATE".equals(block.kind)) {
                all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der)));
            }
        }
        if (all.isEmpty()) {
            throw new IOException("there is no certificate in " + path);
        }
        return all;
    }

    /** The first private key. */
    PrivateKey privateKey() throws IOException, GeneralSecurityException {
        for (final Block block : blocks) {
            switch (block.kind) {
                case "PRIVATE KEY" -> {
                    return privateKey(block.der);
                }
                case "RSA PRIVATE KEY" -> {
                    return privateKey(tlv(SEQUENCE, VERSION_0, RSA, tlv(OCTETS, block.der)));
                }
                case "EC PRIVATE KEY" -> {
                    final byte[] algorithm = tlv(SEQUENCE, EC_OID, curve(block.der));
                    return privateKey(tlv(SEQUENCE, VERSION_0, algorithm, tlv(OCTETS, block.der)));
                }
                case "ENCRYPTED PRIVATE KEY" -> throw new IOException("the private key is encrypted");
                default -> {
                    // Certificates and curve parameters may stand before the key.
                }
            }
        }
        throw new IOException("there is no private key in " + path);
    }

    private static PrivateKey privateKey(final byte[] pkcs8) throws GeneralSecurityException {
        InvalidKeySpecException last = null;
        for (final String type : KEY_TYPES) {
            try {
                return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (final InvalidKeySpecException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The curve in a SEC 1 key: the content of its element [0]. */
    private static byte[] curve(final byte[] sec1) throws IOException {
        int at = 1 + lengthOfLength(sec1, 1);
        while (at < sec1.length) {
            final int tag = sec1[at] & 0xff;
            final int length = length(sec1, at + 1);
            final int from = at + 1 + lengthOfLength(sec1, at + 1);
            if (tag == EC_PARAMETERS && from + length <= sec1.length) {
                return Arrays.copyOfRange(sec1, from, from + length);
            }
            at = from + length;
        }
        throw new IOException("the EC key does not name its curve");
    }

    private static int lengthOfLength(final byte[] der, final int at) {
        return der[at] >= 0 ? 1 : 1 + (der[at] & 0x7f);
    }

    private static int length(final byte[] der, final int at) {
        if (der[at] >= 0) {
            return der[at];
        }
        int length = 0;
        for (int i = 1; i < lengthOfLength(der, at) && at + i < der.length; i++) {
            length = length << 8 | der[at + i] & 0xff;
        }
        return length;
    }

    private static byte[] tlv(final int tag, final byte[]... parts) {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            content.writeBytes(part);
        }
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        final int length = content.size();
        if (length < 0x80) {
            all.write(length);
        } else if (length < 0x100) {
            all.write(0x81);
            all.write(length);
        } else {
            all.write(0x82);
            all.write(length >>> 8);
            all.write(length);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }
}

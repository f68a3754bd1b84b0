package jetstream.server.jwt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A JWT of NATS, read but not trusted before {@link #isSignedBy}. Version 1 signs the claims alone, version 2 header
 * and claims; in version 1 the type stands beside the claims of NATS instead of among them. Thread-safe: immutable.
 */
public final class Jwt {
    private static final String ALGORITHM_1 = "ed25519";
    private static final String ALGORITHM_2 = "ed25519-nkey";
    private static final long NS_PER_S = 1_000_000_000L;

    private final Claims claims;
    private final byte[] signed;
    private final byte[] signature;

    private Jwt(final Claims claims, final byte[] signed, final byte[] signature) {
        this.claims = claims;
        this.signed = signed;
        this.signature = signature;
    }

    /**
     * Reads a token.
     *
     * @throws IOException saying what is wrong with it
     */
    public static Jwt parse(final String token) throws IOException {
        final String[] parts = token.strip().split("\\.", -1);
        if (parts.length != 3) {
            throw new IOException("a JWT has three parts, not " + parts.length);
        }
        final Claims header;
        final Claims claims;
        final byte[] signature;
        try {
            header = Claims.parse(decode(parts[0]));
            claims = Claims.parse(decode(parts[1]));
            signature = decode(parts[2]);
        } catch (final IllegalArgumentException e) {
            throw new IOException("a part of the JWT is not base64", e);
        }
        final String algorithm = header.text("alg");
        if (!"jwt".equalsIgnoreCase(header.text("typ"))
                || !ALGORITHM_1.equals(algorithm) && !ALGORITHM_2.equals(algorithm)) {
            throw new IOException("a JWT of type \"" + header.text("typ") + "\" and algorithm \"" + algorithm
                    + "\" is not one of NATS");
        }
        final String signed = ALGORITHM_1.equals(algorithm) ? parts[1] : parts[0] + '.' + parts[1];
        return new Jwt(claims, signed.getBytes(StandardCharsets.US_ASCII), signature);
    }

    /** Base64 as it is written in JWTs and by clients: with either alphabet, with or without padding. */
    public static byte[] decode(final String text) {
        final String plain = text.replace('+', '-').replace('/', '_').replace("=", "");
        return Base64.getUrlDecoder().decode(plain);
    }

    /** Whether the owner of a key has signed it. */
    public boolean isSignedBy(final NKey key) {
        return key.hasSigned(signed, signature);
    }

    /** What it is: operator, account, user and others. */
    public String type() {
        final String type = nats().text("type");
        return type.isEmpty() ? claims.text("type") : type;
    }

    /** Whom it is about. */
    public String subject() {
        return claims.text("sub");
    }

    /** Who has signed it. */
    public String issuer() {
        return claims.text("iss");
    }

    /** Name for people. */
    public String name() {
        return claims.text("name");
    }

    /** When it was made; seconds since 1970. */
    public long issuedEpochS() {
        return claims.number("iat", 0);
    }

    /** When it ends; nanoseconds since 1970, 0 for never. */
    public long expiresEpochNs() {
        return claims.number("exp", 0) * NS_PER_S;
    }

    /** Whether it holds at a time. */
    public boolean isValidAt(final long epochNs) {
        final long expires = expiresEpochNs();
        return (expires == 0 || epochNs < expires) && epochNs >= claims.number("nbf", 0) * NS_PER_S;
    }

    /** The claims of NATS. */
    public Claims nats() {
        return claims.object("nats");
    }
}

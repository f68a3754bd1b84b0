package jetstream.server.tls;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates of the tests. */
public final class TestKeys {
    private static final char[] NO_PASSWORD = {};

    private TestKeys() {
    }

    /** A file below {@code src/test/resources/tls}. */
    public static Path file(final String name) {
        try {
            return Path.of(TestKeys.class.getResource("/tls/" + name).toURI());
        } catch (final URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client that trusts the authority and shows no certificate. */
    public static SSLContext trusting() throws Exception {
        return context(null);
    }

    /** A client that shows the certificate of alice. */
    public static SSLContext alice() throws Exception {
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, NO_PASSWORD);
        keys.setKeyEntry("alice", new PemFile(file("client-key.pem")).privateKey(), NO_PASSWORD,
                new PemFile(file("client.pem")).certificates().toArray(Certificate[]::new));
        final KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, NO_PASSWORD);
        return context(factory.getKeyManagers());
    }

    private static SSLContext context(final KeyManager[] keys) throws Exception {
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, NO_PASSWORD);
        for (final X509Certificate authority : new PemFile(file("ca.pem")).certificates()) {
            trusted.setCertificateEntry("authority", authority);
        }
        final TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, factory.getTrustManagers(), null);
        return context;
    }
}

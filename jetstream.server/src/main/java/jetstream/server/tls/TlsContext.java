package jetstream.server.tls;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import jetstream.server.conf.TlsConfig;
import jetstream.server.conf.option.ConfigException;

/** Keys and authorities of one {@code tls} block, read; makes engines for connections. Thread-safe: immutable. */
public final class TlsContext {
    private static final char[] NO_PASSWORD = {};

    private final TlsConfig config;
    private final SSLContext context;

    private TlsContext(final TlsConfig config, final SSLContext context) {
        this.config = config;
        this.context = context;
    }

    /**
     * Reads the files.
     *
     * @throws ConfigException naming the file that cannot be read or does not fit
     */
    public static TlsContext load(final TlsConfig config) {
        final List<X509Certificate> chain = read(config.certFile(), PemFile::certificates);
        final PrivateKey key = read(config.keyFile(), PemFile::privateKey);
        try {
            final KeyStore keys = emptyStore();
            keys.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
            final KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
            keyManagers.init(keys, NO_PASSWORD);
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), authorities(config), null);
            return new TlsContext(config, context);
        } catch (final GeneralSecurityException | IOException e) {
            throw new ConfigException("error parsing X509 certificate/key pair " + config.certFile() + ", "
                    + config.keyFile() + ": " + e.getMessage(), e);
        }
    }

    private static TrustManager[] authorities(final TlsConfig config) throws GeneralSecurityException, IOException {
        final TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        KeyStore trusted = null;
        if (config.caFile().isPresent()) {
            trusted = emptyStore();
            int number = 0;
            for (final X509Certificate authority : read(config.caFile().get(), PemFile::certificates)) {
                trusted.setCertificateEntry("authority-" + number++, authority);
            }
        }
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private interface Part<T> {
        T of(PemFile file) throws IOException, GeneralSecurityException;
    }

    private static <T> T read(final Path path, final Part<T> part) {
        try {
            return part.of(new PemFile(path));
        } catch (final NoSuchFileException e) {
            throw new ConfigException("tls: open " + path + ": no such file or directory", e);
        } catch (final IOException | GeneralSecurityException e) {
            throw new ConfigException("tls: file " + path + " can not be used: " + e.getMessage(), e);
        }
    }

    /** What the block says. */
    public TlsConfig config() {
        return config;
    }

    /** An engine for one accepted connection. */
    public SSLEngine serverEngine() {
        final SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        final SSLParameters parameters = engine.getSSLParameters();
        final boolean isNewOnly = "TLSv1.3".equals(config.offer().minVersion());
        parameters.setProtocols(isNewOnly ? new String[] {"TLSv1.3"} : new String[] {"TLSv1.3", "TLSv1.2"});
        if (!config.offer().cipherSuites().isEmpty()) {
            parameters.setCipherSuites(config.offer().cipherSuites().toArray(String[]::new));
        }
        parameters.setNeedClientAuth(config.clients().verify());
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Whether the client of a finished handshake shows one of the pinned keys, if there are any. */
    public boolean isPinned(final SSLSession session) {
        if (config.clients().pinnedCerts().isEmpty()) {
            return true;
        }
        try {
            final byte[] key = session.getPeerCertificates()[0].getPublicKey().getEncoded();
            final byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return config.clients().pinnedCerts().contains(HexFormat.of().formatHex(hash));
        } catch (final SSLPeerUnverifiedException e) {
            return false;
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}

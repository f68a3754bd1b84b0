package jetstream.server.conf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A {@code tls} block: how connections of one listener are protected. The files are read when the server starts, or
 * when a configuration is checked, not here.
 *
 * @param certFile  certificate chain of the server, PEM
 * @param keyFile   its private key, PEM
 * @param caFile    who signs certificates of clients, PEM; the JDK's own list if absent
 * @param clients   what clients must show
 * @param handshake when it starts and how long it may take
 * @param offer     versions and cipher suites
 */
public record TlsConfig(
        Path certFile, Path keyFile, Optional<Path> caFile, Clients clients, Handshake handshake, Offer offer) {

    /** How long a handshake may take by default. */
    public static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);

    /**
     * What clients must show.
     *
     * @param verify      a certificate that one of the authorities has signed
     * @param mapsToUser  the certificate names the user; needs {@code verify}
     * @param pinnedCerts SHA-256 of the accepted public keys in lower-case hex; empty if any is accepted
     */
    public record Clients(boolean verify, boolean mapsToUser, Set<String> pinnedCerts) {
        /** Nothing. */
        public static final Clients UNCHECKED = new Clients(false, false, Set.of());

        /** Copies the set. */
        public Clients {
            pinnedCerts = Set.copyOf(pinnedCerts);
        }
    }

    /** When the handshake starts. */
    public enum Start {
        /** After INFO, which is sent in clear. */
        AFTER_INFO,
        /** Before INFO. */
        FIRST,
        /** Before INFO if the client begins by itself within {@link Handshake#waitNs()}, else after it. */
        FIRST_IF_CLIENT_BEGINS
    }

    /**
     * The handshake.
     *
     * @param start     when it starts
     * @param waitNs    how long the client may take to begin, if that matters
     * @param timeoutNs how long the handshake may take
     */
    public record Handshake(Start start, long waitNs, long timeoutNs) {
        /** After INFO, within two seconds. */
        public static final Handshake DEFAULT = new Handshake(Start.AFTER_INFO, 0, TIMEOUT_NS);
    }

    /**
     * What the server agrees to.
     *
     * @param minVersion   {@code TLSv1.2} or {@code TLSv1.3}
     * @param cipherSuites names as the JDK has them; empty for the JDK's own choice
     */
    public record Offer(String minVersion, List<String> cipherSuites) {
        /** From 1.2 on, with the suites of the JDK. */
        public static final Offer DEFAULT = new Offer("TLSv1.2", List.of());

        /** Copies the list. */
        public Offer {
            cipherSuites = List.copyOf(cipherSuites);
        }
    }
}

package jetstream.server.launch;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import jetstream.server.conf.ServerConfig;
import jetstream.server.jwt.NKey;

/**
 * What a server tells of itself. The identity is fixed at start; ports and the URLs of the cluster are set later.
 * Written by the node thread, readable by any.
 */
public final class ServerInfo {
    /** JetStream API level. */
    public static final int API_LEVEL = 5;
    private static final int KEY_LENGTH = 32;

    private final String id;
    private final String curveKey;
    private final String name;
    private final String host;
    private final String domain;
    private final boolean hasJetStream;
    private final Instant start = Instant.now();
    private final String runtime = "java" + Runtime.version().feature();
    private volatile int port;
    private volatile String clusterName = "";
    private volatile boolean isClusterDynamic;
    private volatile List<String> connectUrls = List.of();
    private volatile boolean isLameDuck;

    /**
     * Draws a new identity.
     *
     * @param config settings
     */
    public ServerInfo(final ServerConfig config) {
        final SecureRandom random = new SecureRandom();
        id = key(NKey.Kind.SERVER, random);
        curveKey = key(NKey.Kind.CURVE, random);
        name = config.serverName().isEmpty() ? id : config.serverName();
        host = config.host();
        port = config.port();
        domain = config.jetStream().domain();
        hasJetStream = config.jetStream().enabled();
        isClusterDynamic = config.cluster().enabled() && config.cluster().name().isEmpty();
        clusterName =
                isClusterDynamic ? id.substring(0, 22) : config.cluster().enabled() ? config.cluster().name() : "";
    }

    private static String key(final NKey.Kind kind, final SecureRandom random) {
        final byte[] raw = new byte[KEY_LENGTH];
        random.nextBytes(raw);
        return NKey.text(kind, raw);
    }

    /** Public key of this process, 56 characters from {@code N}. */
    public String id() {
        return id;
    }

    /** Public curve key, 56 characters from {@code X}. */
    public String curveKey() {
        return curveKey;
    }

    /** Configured name, else the id. */
    public String name() {
        return name;
    }

    /** Address of the client listener as configured. */
    public String host() {
        return host;
    }

    /** Port of the client listener; the real one once it is bound. */
    public int port() {
        return port;
    }

    /** Sets the real port. */
    public void port(final int bound) {
        port = bound;
    }

    /** JetStream domain; empty if none. */
    public String domain() {
        return domain;
    }

    /** Whether this server has JetStream. */
    public boolean hasJetStream() {
        return hasJetStream;
    }

    /** When this process started. */
    public Instant start() {
        return start;
    }

    /** Runtime shown where the reference shows its own. */
    public String runtime() {
        return runtime;
    }

    /** Name of the cluster; empty if not clustered. */
    public String clusterName() {
        return clusterName;
    }

    /** Whether the cluster name was generated. */
    public boolean isClusterDynamic() {
        return isClusterDynamic;
    }

    /** Sets the name of the cluster. */
    public void cluster(final String clusterNameNow, final boolean isDynamic) {
        clusterName = clusterNameNow;
        isClusterDynamic = isDynamic;
    }

    /** URLs of all known servers that clients are told. */
    public List<String> connectUrls() {
        return connectUrls;
    }

    /** Sets the URLs that clients are told. */
    public void connectUrls(final List<String> urls) {
        connectUrls = List.copyOf(urls);
    }

    /** Whether the server is about to leave. */
    public boolean isLameDuck() {
        return isLameDuck;
    }

    /** Sets that the server is about to leave. */
    public void lameDuck(final boolean isLeaving) {
        isLameDuck = isLeaving;
    }
}

package jetstream.server.conf;

import com.typesafe.config.Config;
import java.util.List;

/**
 * All settings of one server, checked and frozen. Thread-safe: immutable. Absent strings are empty, never null.
 *
 * @param identity   what the server is called
 * @param client     where and how clients connect
 * @param security   who may connect, and the accounts
 * @param jetStream  JetStream on this server; {@link JetStreamConfig#enabled()} says whether it runs
 * @param cluster    the cluster listener and its routes; {@link ClusterConfig#enabled()} says whether it exists
 * @param operations monitoring, logging, files for launchers, and where these settings came from
 */
public record ServerConfig(
        ServerIdentity identity,
        ClientConfig client,
        SecurityConfig security,
        JetStreamConfig jetStream,
        ClusterConfig cluster,
        OperationsConfig operations) {

    /** A server with every setting at its default: port 4222, no JetStream, no cluster, no monitoring. */
    public static ServerConfig defaults() {
        return new ServerConfigBuilder().build();
    }

    /** Starts from the defaults. */
    public static ServerConfigBuilder builder() {
        return new ServerConfigBuilder();
    }

    /** Starts from these settings. */
    public ServerConfigBuilder toBuilder() {
        return new ServerConfigBuilder(this);
    }

    /** The configured name; empty if the server is to use its generated id. */
    public String serverName() {
        return identity.name();
    }

    /** Tags in the order of the configuration. */
    public List<String> serverTags() {
        return identity.tags();
    }

    /** Host of the client listener. */
    public String host() {
        return client.host();
    }

    /** Port of the client listener; -1 means any free port. */
    public int port() {
        return client.port();
    }

    /** Limits that a client connection meets. */
    public LimitsConfig limits() {
        return client.limits();
    }

    /** Ping, write and lame-duck times. */
    public TimingConfig timing() {
        return client.timing();
    }

    /** Logins outside of accounts. */
    public AuthConfig auth() {
        return security.auth();
    }

    /** The configured accounts, without the implied {@code $G} and {@code $SYS} unless they were written. */
    public List<AccountConfig> accounts() {
        return security.accounts();
    }

    /** Name of the system account, {@code $SYS} by default. */
    public String systemAccount() {
        return security.systemAccount();
    }

    /** TLS of the client port, and WebSocket. */
    public DoorsConfig doors() {
        return security.doors();
    }

    /** The monitoring listener. */
    public MonitorConfig monitor() {
        return operations.monitor();
    }

    /** Log settings. */
    public LogConfig log() {
        return operations.log();
    }

    /** The whole tree, laid over every module's {@code reference.conf}: settings of plug-ins are read from here. */
    public Config tree() {
        return operations.source().tree();
    }
}

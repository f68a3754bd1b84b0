package jetstream.server.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Makes a {@link ServerConfig} in code, for embedding and tests. Each method returns this builder. Not thread-safe.
 *
 * <pre>{@code
 * ServerConfig config = ServerConfig.builder().port(-1).storeDir(directory).build();
 * }</pre>
 */
public final class ServerConfigBuilder {

    private ServerIdentity identity = new ServerIdentity("", List.of(), Map.of());
    private ClientConfig client = new ClientConfig(
            "0.0.0.0", 4222, "", ClientConfig.Features.ALL, LimitsConfig.DEFAULT, TimingConfig.DEFAULT);
    private AuthConfig auth = AuthConfig.OPEN;
    private List<AccountConfig> accounts = List.of();
    private String systemAccount = SecurityConfig.SYSTEM_ACCOUNT;
    private DoorsConfig doors = DoorsConfig.PLAIN;
    private Optional<TrustConfig> trust = Optional.empty();
    private JetStreamConfig jetStream = new JetStreamConfig(
            false,
            new JetStreamStorage(defaultStoreDir(), -1, -1, 0, "file"),
            "",
            "",
            true,
            JetStreamLimits.DEFAULT);
    private ClusterConfig cluster = ClusterConfig.NONE;
    private MonitorConfig monitor = MonitorConfig.OFF;
    private LogConfig log = LogConfig.DEFAULT;
    private FilesConfig files = FilesConfig.NONE;
    private Optional<ConfigSource> source = Optional.empty();
    private Optional<Config> overrides = Optional.empty();

    ServerConfigBuilder() {
    }

    ServerConfigBuilder(final ServerConfig from) {
        identity = from.identity();
        client = from.client();
        auth = from.auth();
        accounts = from.accounts();
        systemAccount = from.systemAccount();
        doors = from.security().doors();
        trust = from.security().trust();
        jetStream = from.jetStream();
        cluster = from.cluster();
        monitor = from.monitor();
        log = from.log();
        files = from.operations().files();
        source = Optional.of(from.operations().source());
    }

    /** Below the temporary directory, as in the reference; the JDK's own property does not follow TMPDIR. */
    private static Path defaultStoreDir() {
        final String directory = System.getenv("TMPDIR");
        return Path.of(
                directory == null || directory.isEmpty() ? System.getProperty("java.io.tmpdir") : directory, "nats");
    }

    /** Sets {@code server_name}. */
    public ServerConfigBuilder serverName(final String name) {
        identity = new ServerIdentity(name, identity.tags(), identity.metadata());
        return this;
    }

    /** Sets {@code server_tags}. */
    public ServerConfigBuilder serverTags(final String... tags) {
        identity = new ServerIdentity(identity.name(), Arrays.asList(tags), identity.metadata());
        return this;
    }

    /** Replaces the identity. */
    public ServerConfigBuilder identity(final ServerIdentity value) {
        identity = value;
        return this;
    }

    /** Sets the address that the client listener binds. */
    public ServerConfigBuilder host(final String host) {
        client = new ClientConfig(
                host, client.port(), client.advertise(), client.features(), client.limits(), client.timing());
        return this;
    }

    /** Sets the port of the client listener; -1 means any free port. */
    public ServerConfigBuilder port(final int port) {
        client = new ClientConfig(
                client.host(), port, client.advertise(), client.features(), client.limits(), client.timing());
        return this;
    }

    /** Replaces the client listener with all its limits. */
    public ServerConfigBuilder client(final ClientConfig value) {
        client = value;
        return this;
    }

    /** Replaces the limits. */
    public ServerConfigBuilder limits(final LimitsConfig limits) {
        client = new ClientConfig(
                client.host(), client.port(), client.advertise(), client.features(), limits, client.timing());
        return this;
    }

    /** Replaces the times. */
    public ServerConfigBuilder timing(final TimingConfig timing) {
        client = new ClientConfig(
                client.host(), client.port(), client.advertise(), client.features(), client.limits(), timing);
        return this;
    }

    /** Clients must send this token. */
    public ServerConfigBuilder token(final String token) {
        return login(new SingleLogin("", "", token));
    }

    /** Clients must log in as this one user. */
    public ServerConfigBuilder user(final String user, final String password) {
        return login(new SingleLogin(user, password, ""));
    }

    private ServerConfigBuilder login(final SingleLogin login) {
        auth = new AuthConfig(login, auth.users(), auth.timeoutNs(), auth.noAuthUser(), auth.defaultPermissions());
        return this;
    }

    /** Replaces the logins outside of accounts. */
    public ServerConfigBuilder auth(final AuthConfig value) {
        auth = value;
        return this;
    }

    /** Changes the logins outside of accounts. */
    public ServerConfigBuilder auth(final UnaryOperator<AuthConfig> change) {
        auth = change.apply(auth);
        return this;
    }

    /** Adds one account. */
    public ServerConfigBuilder account(final AccountConfig account) {
        final List<AccountConfig> all = new ArrayList<>(accounts);
        all.add(account);
        return accounts(all);
    }

    /** Replaces the accounts. */
    public ServerConfigBuilder accounts(final List<AccountConfig> all) {
        accounts = List.copyOf(all);
        return this;
    }

    /** Sets the name of the system account. */
    public ServerConfigBuilder systemAccount(final String name) {
        systemAccount = name;
        return this;
    }

    /** Replaces TLS and WebSocket. */
    public ServerConfigBuilder doors(final DoorsConfig value) {
        doors = value;
        return this;
    }

    /** Asks every client of the client port for TLS. */
    public ServerConfigBuilder tls(final TlsConfig tls) {
        return doors(new DoorsConfig(Optional.of(tls), doors.allowNonTls(), doors.webSocket()));
    }

    /** Replaces the operators: user JWTs must come from them. */
    public ServerConfigBuilder trust(final Optional<TrustConfig> value) {
        trust = value;
        return this;
    }

    /** Turns JetStream on with its data below {@code directory}. */
    public ServerConfigBuilder storeDir(final Path directory) {
        final JetStreamStorage old = jetStream.storage();
        return storage(
                true,
                new JetStreamStorage(
                        directory, old.maxMemoryBytes(), old.maxFileBytes(), old.syncIntervalNs(), old.store()));
    }

    /** Turns JetStream on with these storage settings. */
    public ServerConfigBuilder storage(final JetStreamStorage storage) {
        return storage(true, storage);
    }

    private ServerConfigBuilder storage(final boolean enabled, final JetStreamStorage storage) {
        jetStream = new JetStreamConfig(
                enabled, storage, jetStream.domain(), jetStream.uniqueTag(), jetStream.strict(), jetStream.limits());
        return this;
    }

    /** Replaces the JetStream settings. */
    public ServerConfigBuilder jetStream(final JetStreamConfig value) {
        jetStream = value;
        return this;
    }

    /** Makes the server a member of a cluster that listens on {@code host:port} (-1 means any free port). */
    public ServerConfigBuilder cluster(
            final String name, final String host, final int port, final List<RouteUrl> routes) {
        cluster = new ClusterConfig(
                name,
                Optional.of(new ClusterConfig.ClusterListen(host, port, "", false)),
                routes,
                cluster.login(),
                cluster.dialing());
        return this;
    }

    /** Replaces the cluster settings. */
    public ServerConfigBuilder cluster(final ClusterConfig value) {
        cluster = value;
        return this;
    }

    /** Opens the monitoring listener on {@code host:port} (-1 means any free port, 0 none). */
    public ServerConfigBuilder monitor(final String host, final int port) {
        monitor = new MonitorConfig(host, port, monitor.basePath(), monitor.maxClosedClients());
        return this;
    }

    /** Replaces the monitoring settings. */
    public ServerConfigBuilder monitor(final MonitorConfig value) {
        monitor = value;
        return this;
    }

    /** Replaces the log settings. */
    public ServerConfigBuilder log(final LogConfig value) {
        log = value;
        return this;
    }

    /** Replaces the files written for launchers. */
    public ServerConfigBuilder files(final FilesConfig value) {
        files = value;
        return this;
    }

    /** Replaces the origin of the settings together with the tree. */
    public ServerConfigBuilder source(final ConfigSource value) {
        source = Optional.of(value);
        return this;
    }

    /** Lays settings of plug-ins, in HOCON, over the tree: {@code jetstream.raft.heartbeat = 20ms}. */
    public ServerConfigBuilder tree(final String hocon) {
        overrides = Optional.of(ConfigFactory.parseString(hocon)
                .withFallback(overrides.orElseGet(ConfigFactory::empty)));
        return this;
    }

    /** Freezes the settings. */
    public ServerConfig build() {
        final ConfigSource base = source.orElseGet(
                () -> new ConfigSource(Optional.empty(), "", ConfigFactory.defaultReference()));
        final ConfigSource whole = overrides
                .map(config -> new ConfigSource(base.file(), base.digest(), config.withFallback(base.tree()).resolve()))
                .orElse(base);
        return new ServerConfig(
                identity,
                client,
                new SecurityConfig(auth, accounts, systemAccount, doors, trust),
                jetStream,
                cluster,
                new OperationsConfig(monitor, log, files, whole));
    }
}

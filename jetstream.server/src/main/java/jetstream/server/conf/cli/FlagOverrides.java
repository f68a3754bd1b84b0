package jetstream.server.conf.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jetstream.server.conf.ClientConfig;
import jetstream.server.conf.ClusterConfig;
import jetstream.server.conf.FilesConfig;
import jetstream.server.conf.JetStreamConfig;
import jetstream.server.conf.JetStreamStorage;
import jetstream.server.conf.LogConfig;
import jetstream.server.conf.MonitorConfig;
import jetstream.server.conf.RouteUrl;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.ServerConfigBuilder;
import jetstream.server.conf.ServerIdentity;
import jetstream.server.conf.SingleLogin;
import jetstream.server.conf.TlsConfig;
import jetstream.server.conf.option.ConfigException;

/** Lays flags over settings: what a flag says wins. */
final class FlagOverrides {

    private final CommandLine flags;

    FlagOverrides(final CommandLine flags) {
        this.flags = flags;
    }

    ServerConfig over(final ServerConfig file) {
        final ServerConfigBuilder builder = file.toBuilder()
                .identity(identity(file.identity()))
                .client(client(file.client()))
                .monitor(monitor(file))
                .log(log(file.log()))
                .files(files(file.operations().files()))
                .jetStream(jetStream(file.jetStream()))
                .cluster(cluster(file.cluster()));
        login(file, builder);
        tls(file.doors().tls()).ifPresent(builder::tls);
        return builder.build();
    }

    private ServerIdentity identity(final ServerIdentity file) {
        return new ServerIdentity(flags.text("server_name", file.name()), file.tags(), file.metadata());
    }

    private ClientConfig client(final ClientConfig file) {
        return new ClientConfig(
                flags.text("addr", file.host()),
                ClientConfig.portOf(flags.count("port", file.port())),
                flags.text("client_advertise", file.advertise()),
                file.features(),
                file.limits(),
                file.timing());
    }

    private MonitorConfig monitor(final ServerConfig file) {
        final MonitorConfig old = file.monitor();
        // A monitoring port without a host of its own is opened where clients connect.
        final boolean hasOwnHost = old.enabled() && !old.host().equals(file.host());
        return new MonitorConfig(
                hasOwnHost ? old.host() : flags.text("addr", file.host()),
                flags.count("http_port", old.port()),
                old.basePath(),
                old.maxClosedClients());
    }

    private LogConfig log(final LogConfig file) {
        final LogConfig.Levels levels = file.levels();
        final boolean isVerbose = flags.isOn("VV") || flags.isOn("DVV");
        final boolean isBoth = flags.isOn("DV") || flags.isOn("DVV");
        return new LogConfig(
                new LogConfig.Levels(
                        isBoth || onOr("debug", levels.debug()),
                        isBoth || isVerbose || onOr("trace", levels.trace()),
                        isVerbose || levels.traceVerbose(),
                        levels.traceHeaders()),
                onOr("logtime", file.time()),
                onOr("logtime_utc", file.utc()),
                path("log", file.file()),
                new LogConfig.Rotation(
                        flags.number("log_size_limit", file.rotation().sizeLimitBytes()),
                        file.rotation().filesMax()),
                flags.count("max_traced_msg_len", file.maxTracedMsgBytes()));
    }

    private boolean onOr(final String flag, final boolean fallback) {
        return flags.has(flag) ? flags.isOn(flag) : fallback;
    }

    private Optional<Path> path(final String flag, final Optional<Path> fallback) {
        return flags.text(flag).filter(text -> !text.isEmpty()).map(Path::of).or(() -> fallback);
    }

    private FilesConfig files(final FilesConfig file) {
        return new FilesConfig(path("pid", file.pidFile()), path("ports_file_dir", file.portsFileDir()));
    }

    private JetStreamConfig jetStream(final JetStreamConfig file) {
        final JetStreamStorage old = file.storage();
        return new JetStreamConfig(
                onOr("jetstream", file.enabled()),
                new JetStreamStorage(
                        path("store_dir", Optional.of(old.storeDir())).orElseThrow(),
                        old.maxMemoryBytes(),
                        old.maxFileBytes(),
                        old.syncIntervalNs(),
                        old.store()),
                file.domain(),
                file.uniqueTag(),
                file.strict(),
                file.limits());
    }

    private void login(final ServerConfig file, final ServerConfigBuilder builder) {
        final SingleLogin old = file.auth().login();
        if (flags.has("auth")) {
            builder.token(flags.text("auth", ""));
        } else if (flags.has("user") || flags.has("pass")) {
            builder.user(flags.text("user", old.user()), flags.text("pass", old.password()));
        }
    }

    /** Any of the flags asks for TLS, but {@code --tls=false} and {@code --tlsverify=false}. */
    private Optional<TlsConfig> tls(final Optional<TlsConfig> file) {
        final boolean isAsked = flags.isOn("tls") || flags.isOn("tlsverify") || flags.has("tlscert")
                || flags.has("tlskey") || flags.has("tlscacert");
        if (!isAsked) {
            return file;
        }
        final Path cert = path("tlscert", file.map(TlsConfig::certFile)).orElseThrow(
                () -> new ConfigException("TLS Server certificate must be present and valid: use --tlscert"));
        final Path key = path("tlskey", file.map(TlsConfig::keyFile)).orElseThrow(
                () -> new ConfigException("TLS Server private key must be present and valid: use --tlskey"));
        final TlsConfig.Clients clients = file.map(TlsConfig::clients).orElse(TlsConfig.Clients.UNCHECKED);
        return Optional.of(new TlsConfig(cert, key, path("tlscacert", file.flatMap(TlsConfig::caFile)),
                new TlsConfig.Clients(onOr("tlsverify", clients.verify()), clients.mapsToUser(),
                        clients.pinnedCerts()),
                file.map(TlsConfig::handshake).orElse(TlsConfig.Handshake.DEFAULT),
                file.map(TlsConfig::offer).orElse(TlsConfig.Offer.DEFAULT)));
    }

    private ClusterConfig cluster(final ClusterConfig file) {
        final Optional<RouteUrl> listen = flags.text("cluster").filter(text -> !text.isEmpty()).map(this::clusterUrl);
        final boolean isOff = flags.text("cluster").filter(String::isEmpty).isPresent();
        final Optional<ClusterConfig.ClusterListen> old = isOff ? Optional.empty() : file.listen();
        return new ClusterConfig(
                flags.text("cluster_name", file.name()),
                listen.map(url -> listener(url.host(), url.port(), old))
                        .or(() -> old.map(at -> listener(at.host(), at.port(), old))),
                flags.has("routes") ? routes() : file.routes(),
                listen.filter(url -> !url.user().isEmpty())
                        .map(url -> new ClusterConfig.ClusterLogin(
                                url.user(), url.password(), file.login().timeoutNs()))
                        .orElse(file.login()),
                new ClusterConfig.ClusterDialing(
                        flags.count("connect_retries", file.dialing().connectRetries()),
                        file.dialing().connectBackoff(),
                        file.dialing().pingIntervalNs(),
                        file.dialing().pingMax()));
    }

    private RouteUrl clusterUrl(final String text) {
        try {
            return RouteUrl.parse(text);
        } catch (final IllegalArgumentException e) {
            throw new ConfigException("could not parse cluster url \"" + text + "\": " + e.getMessage(), e);
        }
    }

    private ClusterConfig.ClusterListen listener(
            final String host, final int port, final Optional<ClusterConfig.ClusterListen> old) {
        return new ClusterConfig.ClusterListen(
                host,
                port,
                flags.text("cluster_advertise", old.map(ClusterConfig.ClusterListen::advertise).orElse("")),
                onOr("no_advertise", old.map(ClusterConfig.ClusterListen::noAdvertise).orElse(false)));
    }

    private List<RouteUrl> routes() {
        final List<RouteUrl> routes = new ArrayList<>();
        for (final String text : flags.text("routes", "").split(",")) {
            if (!text.isBlank()) {
                try {
                    routes.add(RouteUrl.parse(text.strip()));
                } catch (final IllegalArgumentException e) {
                    throw new ConfigException("could not parse route \"" + text.strip() + "\": " + e.getMessage(), e);
                }
            }
        }
        return routes;
    }
}

package jetstream.server.conf.option;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import jetstream.server.conf.ClientConfig;
import jetstream.server.conf.FilesConfig;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.LimitsConfig;
import jetstream.server.conf.LogConfig;
import jetstream.server.conf.MonitorConfig;
import jetstream.server.conf.SecurityConfig;
import jetstream.server.conf.ServerConfigBuilder;
import jetstream.server.conf.ServerIdentity;
import jetstream.server.conf.TimingConfig;
import jetstream.server.conf.syntax.ConfValue;

/** Binds the top level of a file. */
final class ServerBinder {

    private static final int TOKENS_MAX = 255;

    private final BlockReader top;

    ServerBinder(final BlockReader top) {
        this.top = top;
    }

    void bind(final ServerConfigBuilder builder) {
        checkName("server_name");
        builder.identity(new ServerIdentity(top.text("server_name", ""), top.texts("server_tags"), metadata()))
                .client(client())
                .monitor(monitor())
                .log(log())
                .files(new FilesConfig(path("pid_file"), path("ports_file_dir")))
                .systemAccount(top.text("system_account", SecurityConfig.SYSTEM_ACCOUNT));
        new SecurityBinder(top).bind(builder);
        new ClusterBinder(top).bind(builder);
        new JetStreamBinder(top).bind(builder);
    }

    private void checkName(final String key) {
        if (top.text(key, "").indexOf(' ') >= 0) {
            top.error(key, key + " can not contain spaces");
        }
    }

    private Map<String, String> metadata() {
        final Map<String, String> all = new LinkedHashMap<>();
        final Optional<ConfValue.Field> field = top.field("server_metadata");
        if (field.isPresent() && field.get().value() instanceof final ConfValue.Block block) {
            for (final ConfValue.Field entry : block.all()) {
                if (entry.value() instanceof final ConfValue.Text text) {
                    all.put(entry.key(), text.text());
                } else {
                    top.problems().error(entry.origin(), "server_metadata must hold strings");
                }
            }
        } else if (field.isPresent()) {
            top.error("server_metadata", "server_metadata must be a map of strings");
        }
        return all;
    }

    private ClientConfig client() {
        final HostPort listen = top.address(
                "listen", new HostPort(top.text("host", "0.0.0.0"), top.count("port", ClientConfig.DEFAULT_PORT)));
        return new ClientConfig(
                listen.host(),
                ClientConfig.portOf(listen.port()),
                top.text("client_advertise", ""),
                new ClientConfig.Features(
                        !top.flag("no_header_support", false), !top.flag("no_fast_producer_stall", false)),
                limits(),
                timing());
    }

    private LimitsConfig limits() {
        final LimitsConfig old = LimitsConfig.DEFAULT;
        final int tokens = top.count("max_subscription_tokens", old.maxSubscriptionTokens());
        if (tokens < 0 || tokens > TOKENS_MAX) {
            top.error("max_subscription_tokens", "max_subscription_tokens must be between 0 and " + TOKENS_MAX);
        }
        final int connections = top.count("max_connections", old.maxConnections());
        return new LimitsConfig(
                intSize("max_payload", old.maxPayloadBytes()),
                intSize("max_control_line", old.maxControlLineBytes()),
                connections == 0 ? -1 : connections,
                top.count("max_subscriptions", old.maxSubscriptions()),
                tokens,
                top.size("max_pending", old.maxPendingBytes()));
    }

    private int intSize(final String key, final int fallback) {
        final long size = top.size(key, fallback);
        if (size < 0 || size > Integer.MAX_VALUE) {
            top.error(key, key + " must be between 0 and " + Integer.MAX_VALUE + ", not " + size);
            return fallback;
        }
        return (int) size;
    }

    private TimingConfig timing() {
        final TimingConfig old = TimingConfig.DEFAULT;
        return new TimingConfig(
                top.durationNs("ping_interval", old.pingIntervalNs()),
                top.count("ping_max", old.pingMax()),
                top.durationNs("write_deadline", old.writeDeadlineNs()),
                writeTimeout(),
                top.durationNs("lame_duck_duration", old.lameDuckDurationNs()),
                top.durationNs("lame_duck_grace_period", old.lameDuckGraceNs()));
    }

    private TimingConfig.WriteTimeout writeTimeout() {
        return switch (top.text("write_timeout", "default").toLowerCase(Locale.ROOT)) {
            case "default" -> TimingConfig.WriteTimeout.DEFAULT;
            case "close" -> TimingConfig.WriteTimeout.CLOSE;
            case "retry" -> TimingConfig.WriteTimeout.RETRY;
            default -> {
                top.error("write_timeout", "write_timeout must be one of default, close, retry");
                yield TimingConfig.WriteTimeout.DEFAULT;
            }
        };
    }

    private MonitorConfig monitor() {
        final MonitorConfig old = MonitorConfig.OFF;
        final String host = top.text("host", old.host());
        final HostPort address = top.address(
                "http", new HostPort(host, top.count("http_port", old.port())));
        final String path = top.text("http_base_path", old.basePath());
        return new MonitorConfig(
                address.host(),
                address.port(),
                path.startsWith("/") ? path : "/" + path,
                top.count("max_closed_clients", old.maxClosedClients()));
    }

    private LogConfig log() {
        final LogConfig old = LogConfig.DEFAULT;
        final boolean isVerbose = top.flag("trace_verbose", false);
        final boolean isHeadersOnly = top.flag("trace_headers", false);
        return new LogConfig(
                new LogConfig.Levels(
                        top.flag("debug", false),
                        top.flag("trace", false) || isVerbose || isHeadersOnly,
                        isVerbose,
                        isHeadersOnly),
                top.flag("logtime", old.time()),
                top.flag("logtime_utc", old.utc()),
                path("log_file"),
                new LogConfig.Rotation(top.size("log_size_limit", 0), top.count("log_max_num", 0)),
                top.count("max_traced_msg_len", old.maxTracedMsgBytes()));
    }

    private Optional<Path> path(final String key) {
        final String text = top.text(key, "");
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    }
}

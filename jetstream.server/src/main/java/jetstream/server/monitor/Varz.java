package jetstream.server.monitor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import jetstream.engine.json.JsonText;
import jetstream.server.conf.ClusterConfig;
import jetstream.server.conf.ServerConfig;
import jetstream.server.net.ConnectionTraffic;

/** General figures (spec/monitoring.md section 2, varz). Node thread. */
final class Varz {
    private static final long NS = 1_000_000_000L;
    private static final double PERCENT = 100.0;

    private final MonitorSources sources;
    private final Jsz jsz;
    private final Map<String, Long> requests = new TreeMap<>();
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    Varz(final MonitorSources sources, final Jsz jsz) {
        this.sources = sources;
        this.jsz = jsz;
    }

    static long now() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * NS + now.getNano();
    }

    /** Length of time as the pages show it: {@code 1d2h3m4s}. */
    static String uptime(final Duration d) {
        final StringBuilder text = new StringBuilder();
        if (d.toDays() > 0) {
            text.append(d.toDays()).append('d');
        }
        if (d.toHours() > 0) {
            text.append(d.toHoursPart()).append('h');
        }
        if (d.toMinutes() > 0) {
            text.append(d.toMinutesPart()).append('m');
        }
        return text.append(d.toSecondsPart()).append('s').toString();
    }

    void countRequest(final String path) {
        requests.merge(path, 1L, Long::sum);
    }

    /** Resident memory of the process in bytes, as far as the JVM can tell. */
    long memoryBytes() {
        return Runtime.getRuntime().totalMemory()
                + ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getCommitted();
    }

    /** Share of one core in percent. */
    double cpu() {
        return Math.max(0, Math.round(system.getProcessCpuLoad() * system.getAvailableProcessors() * PERCENT));
    }

    void write(final JsonText t) {
        final ServerConfig config = sources.config();
        t.put("server_id", sources.serverId()).put("server_name", sources.serverName()).put("version", "2.15.2");
        t.put("proto", 1).put("go", sources.runtime()).put("host", config.host()).put("port", sources.clientPort());
        if (!sources.connectUrls().isEmpty()) {
            t.strings("connect_urls", sources.connectUrls());
        }
        t.put("max_connections", config.limits().maxConnections()).opt("max_subscriptions",
                config.limits().maxSubscriptions());
        t.put("ping_interval", config.timing().pingIntervalNs()).put("ping_max", config.timing().pingMax());
        t.put("http_host", config.monitor().host()).put("http_port", config.monitor().port())
                .put("http_base_path", config.monitor().basePath()).put("https_port", 0);
        t.put("auth_timeout", config.auth().timeoutNs() / NS).put("max_control_line",
                config.limits().maxControlLineBytes());
        t.put("max_payload", config.limits().maxPayloadBytes()).put("max_pending", config.limits().maxPendingBytes());
        t.object("cluster", this::cluster);
        for (final String unused : new String[] {"gateway", "leaf", "mqtt", "websocket"}) {
            t.object(unused, o -> {});
        }
        t.object("jetstream", jsz::varz);
        config.doors().tls().ifPresent(tls -> t.put("tls_required", !config.doors().allowNonTls())
                .opt("tls_verify", tls.clients().verify()));
        t.put("tls_timeout", 2).put("write_deadline", config.timing().writeDeadlineNs());
        t.put("start", JsonText.time(sources.start())).put("now", JsonText.time(now()));
        t.put("uptime", uptime(Duration.between(sources.start(), Instant.now())));
        t.put("mem", memoryBytes()).put("cores", Runtime.getRuntime().availableProcessors())
                .put("gomaxprocs", Runtime.getRuntime().availableProcessors()).put("cpu", cpu());
        traffic(t);
        t.put("config_load_time", JsonText.time(sources.start())).put("config_digest",
                config.operations().source().digest());
        if (!config.serverTags().isEmpty()) {
            t.strings("tags", config.serverTags());
        }
        t.put("system_account", config.systemAccount());
        t.object("slow_consumer_stats", o -> o.put("clients", sources.clients().slowConsumers()).put("routes", 0)
                .put("gateways", 0).put("leafs", 0));
        t.object("stale_connection_stats", o -> o.put("clients", sources.clients().staleConnections()).put("routes", 0)
                .put("gateways", 0).put("leafs", 0));
        t.object("disk_io_wait_stats", o -> o.put("waiters", 0).put("waits", 0).put("wait_time", 0)
                .put("max_wait_time", 0));
    }

    private void traffic(final JsonText t) {
        final ConnectionTraffic traffic = sources.clients().traffic();
        t.put("connections", sources.clients().connections().size()).put("total_connections",
                sources.clients().totalConnections());
        t.put("routes", sources.routes().size()).put("remotes", sources.routes().size()).put("leafnodes", 0);
        t.put("in_msgs", traffic.inMsgs()).put("out_msgs", traffic.outMsgs()).put("in_bytes", traffic.inBytes())
                .put("out_bytes", traffic.outBytes());
        t.put("in_client_msgs", traffic.inMsgs()).put("out_client_msgs", traffic.outMsgs())
                .put("in_client_bytes", traffic.inBytes()).put("out_client_bytes", traffic.outBytes());
        t.put("slow_consumers", sources.clients().slowConsumers()).put("stale_connections",
                sources.clients().staleConnections()).put("stalled_clients", sources.clients().stalls());
        t.put("subscriptions", sources.clients().subscriptionCount());
        t.object("http_req_stats", o -> requests.forEach((path, count) -> o.put(path, count)));
    }

    private void cluster(final JsonText t) {
        final ClusterConfig cluster = sources.config().cluster();
        if (cluster.enabled()) {
            t.put("name", sources.clusterName()).put("addr", cluster.listen().orElseThrow().host())
                    .put("cluster_port", sources.clusterPort()).put("auth_timeout", 2)
                    .strings("urls", cluster.routes().stream().map(r -> r.host() + ":" + r.port()).toList())
                    .put("tls_timeout", 2);
        }
    }
}

package jetstream.server.conf.option;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jetstream.server.conf.ClusterConfig;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.RouteUrl;
import jetstream.server.conf.ServerConfigBuilder;

/** Binds the cluster block. */
final class ClusterBinder {

    private final BlockReader top;

    ClusterBinder(final BlockReader top) {
        this.top = top;
    }

    void bind(final ServerConfigBuilder builder) {
        top.block("cluster", "cluster").ifPresent(block -> builder.cluster(cluster(block)));
    }

    private static ClusterConfig cluster(final BlockReader block) {
        final String name = block.text("name", "");
        if (name.indexOf(' ') >= 0) {
            block.error("name", "cluster name can not contain spaces");
        }
        if ("_".equals(name)) {
            block.error("name", "cluster name \"_\" is reserved");
        }
        final HostPort listen = block.address(
                "listen", new HostPort(block.text("host", "0.0.0.0"), block.count("port", 0)));
        final Optional<ClusterConfig.ClusterListen> listener = listen.port() == 0
                ? Optional.empty()
                : Optional.of(new ClusterConfig.ClusterListen(
                        listen.host(),
                        listen.port(),
                        block.text("advertise", ""),
                        block.flag("no_advertise", false)));
        return new ClusterConfig(name, listener, routes(block), login(block), dialing(block));
    }

    private static List<RouteUrl> routes(final BlockReader block) {
        final Set<RouteUrl> routes = new LinkedHashSet<>();
        for (final String text : block.texts("routes")) {
            try {
                if (!routes.add(RouteUrl.parse(text))) {
                    block.problems().warning(
                            block.field("routes").orElseThrow().origin(), "duplicate URL in routes: " + text);
                }
            } catch (final IllegalArgumentException e) {
                block.error("routes", "error parsing route url \"" + text + "\": " + e.getMessage());
            }
        }
        return new ArrayList<>(routes);
    }

    private static ClusterConfig.ClusterLogin login(final BlockReader block) {
        final ClusterConfig.ClusterLogin old = ClusterConfig.ClusterLogin.NONE;
        return block.block("authorization", "cluster authorization")
                .map(login -> new ClusterConfig.ClusterLogin(
                        login.text("user", ""),
                        login.text("password", ""),
                        login.secondsNs("timeout", old.timeoutNs())))
                .orElse(old);
    }

    private static ClusterConfig.ClusterDialing dialing(final BlockReader block) {
        final ClusterConfig.ClusterDialing old = ClusterConfig.ClusterDialing.DEFAULT;
        // Accepted because it can not matter: between two of our servers there is one link with lanes.
        block.count("pool_size", 0);
        return new ClusterConfig.ClusterDialing(
                block.count("connect_retries", old.connectRetries()),
                block.flag("connect_backoff", old.connectBackoff()),
                block.durationNs("ping_interval", old.pingIntervalNs()),
                block.count("ping_max", old.pingMax()));
    }
}

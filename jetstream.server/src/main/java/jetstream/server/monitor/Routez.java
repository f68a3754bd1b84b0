package jetstream.server.monitor;

import java.time.Duration;
import java.time.Instant;
import jetstream.engine.json.JsonText;
import jetstream.server.route.RouteLink;

/** Links to other servers (spec/monitoring.md section 2, routez). Node thread. */
final class Routez {
    private final MonitorSources sources;

    Routez(final MonitorSources sources) {
        this.sources = sources;
    }

    void write(final JsonText t) {
        t.put("server_id", sources.serverId()).put("server_name", sources.serverName()).put("now",
                JsonText.time(Varz.now()));
        t.put("num_routes", sources.routes().size());
        t.objects("routes", sources.routes(), Routez::route);
    }

    private static void route(final JsonText t, final RouteLink link) {
        t.put("rid", Math.abs(link.info().node().value() % 1_000_000))
                .put("remote_id", link.info().attributes().getOrDefault("server-id", link.info().node().peerId()))
                .put("remote_name", link.info().serverName()).put("did_solicit", link.info().solicited())
                .put("is_configured", link.info().configured()).put("ip", link.info().host())
                .put("port", link.info().port()).put("start", JsonText.time(link.start()))
                .put("uptime", Varz.uptime(Duration.between(link.start(), Instant.now())))
                .put("pending_size", link.pendingBytes());
        t.put("in_msgs", link.traffic().inMsgs()).put("out_msgs", link.traffic().outMsgs())
                .put("in_bytes", link.traffic().inBytes()).put("out_bytes", link.traffic().outBytes());
        t.put("subscriptions", 0).put("compression", "off");
    }
}

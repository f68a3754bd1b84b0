package jetstream.server.monitor;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BiConsumer;
import jetstream.engine.json.JsonText;

/** The pages by name, for HTTP and for system requests alike. Node thread. */
public final class MonitorPages {
    private static final int OK = 200;

    private final MonitorSources sources;
    private final Healthz healthz;
    private final Jsz jsz;
    private final Varz varz;
    private final Connz connz;
    private final Routez routez;
    private final Subsz subsz;

    /** Pages of that server. */
    public MonitorPages(final MonitorSources sources) {
        this.sources = sources;
        healthz = new Healthz(sources);
        jsz = new Jsz(sources);
        varz = new Varz(sources, jsz);
        connz = new Connz(sources);
        routez = new Routez(sources);
        subsz = new Subsz(sources);
    }

    /**
     * An answer.
     *
     * @param code HTTP status
     * @param contentType type of the body
     * @param body bytes
     */
    record Page(int code, String contentType, byte[] body) {
        static Page json(final int code, final byte[] body) {
            return new Page(code, "application/json", body);
        }

        static Page text(final int code, final String text) {
            return new Page(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }
    }

    Varz varz() {
        return varz;
    }

    Jsz jsz() {
        return jsz;
    }

    Healthz healthz() {
        return healthz;
    }

    /** The page of a path without the base path, for instance {@code /varz}. */
    Page page(final String path, final Query query) {
        varz.countRequest(path);
        try {
            if (path.equals("/healthz")) {
                final Healthz.Health health = healthz.check(query);
                return Page.json(health.code(), health.json(false));
            }
            if (path.equals("/")) {
                return new Page(OK, "text/html; charset=utf-8", index().getBytes(StandardCharsets.UTF_8));
            }
            final BiConsumer<JsonText, Query> writer = writer(path.substring(1).toUpperCase(Locale.ROOT));
            return writer == null ? Page.text(404, "404 page not found\n")
                    : Page.json(OK, JsonText.prettyObject(t -> writer.accept(t, query)));
        } catch (final Query.BadQuery e) {
            return Page.text(400, e.getMessage());
        }
    }

    /** Writes the members of a page; null if there is no such page. */
    BiConsumer<JsonText, Query> writer(final String name) {
        return switch (name) {
            case "VARZ" -> (t, query) -> varz.write(t);
            case "JSZ" -> jsz::write;
            case "CONNZ" -> connz::write;
            case "ROUTEZ" -> (t, query) -> routez.write(t);
            case "SUBSZ", "SUBSCRIPTIONSZ" -> subsz::write;
            case "GATEWAYZ", "LEAFZ" -> (t, query) -> t.put("server_id", sources.serverId())
                    .put("now", JsonText.time(Varz.now()));
            default -> null;
        };
    }

    private static String index() {
        final StringBuilder html = new StringBuilder("<html><head><title>Server monitoring</title></head><body><ul>\n");
        for (final String name : new String[] {"varz", "jsz", "connz", "routez", "subsz", "healthz"}) {
            html.append("<li><a href=\"./").append(name).append("\">").append(name).append("</a></li>\n");
        }
        return html.append("</ul></body></html>\n").toString();
    }
}

package jetstream.server.monitor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import jetstream.engine.json.JsonText;

/** The pages by name, for HTTP and for system requests alike. Node thread. */
public final class MonitorPages {
    private static final int OK = 200;
    private static final String[] NAMES = {"varz", "jsz", "connz", "accountz", "accstatz", "subsz", "routez", "leafz",
        "gatewayz", "raftz", "ipqueuesz", "healthz", "stacksz", "debug/vars"};

    private final MonitorSources sources;
    private final Healthz healthz;
    private final Jsz jsz;
    private final Varz varz;
    private final Connz connz;
    private final Routez routez;
    private final Subsz subsz;
    private final Accountz accountz;
    private final Raftz raftz;

    /** Pages of that server. */
    public MonitorPages(final MonitorSources sources) {
        this.sources = sources;
        healthz = new Healthz(sources);
        jsz = new Jsz(sources);
        varz = new Varz(sources, jsz);
        connz = new Connz(sources);
        routez = new Routez(sources);
        subsz = new Subsz(sources);
        accountz = new Accountz(sources);
        raftz = new Raftz(sources);
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
            final Page plain = plain(path, query);
            if (plain != null) {
                return plain;
            }
            final BiConsumer<JsonText, Query> writer = writer(path.substring(1).toUpperCase(Locale.ROOT));
            return writer == null ? Page.text(404, "404 page not found\n")
                    : Page.json(OK, JsonText.prettyObject(t -> writer.accept(t, query)));
        } catch (final Query.BadQuery e) {
            return Page.text(400, e.getMessage());
        }
    }

    /** Pages that are not JSON; null if it is none of them. */
    private Page plain(final String path, final Query query) {
        return switch (path) {
            case "/" -> new Page(OK, "text/html; charset=utf-8", index().getBytes(StandardCharsets.UTF_8));
            case "/stacksz" ->
                new Page(OK, "application/json", ProcessPages.stacks().getBytes(StandardCharsets.UTF_8));
            case "/debug/vars" -> new Page(OK, "application/json; charset=utf-8",
                    JsonText.prettyObject(ProcessPages::variables));
            case "/raftz" -> raftz.isEmpty(query) ? Page.text(404, Raftz.NONE) : null;
            default -> null;
        };
    }

    /** Whether a server that has nothing to say to this says nothing, when all are asked. */
    boolean isSilent(final String name, final Query query) {
        return switch (name) {
            case "ACCSTATZ" -> !accountz.hasStatistics(query);
            case "JSZ" -> !jsz.isWanted(query);
            case "ACCOUNT.JSZ" -> !jsz.hasAccount(query.text("acc"));
            case "RAFTZ" -> raftz.isEmpty(query);
            default -> false;
        };
    }

    /** Writes the members of a page; null if there is no such page. */
    BiConsumer<JsonText, Query> writer(final String name) {
        return switch (name) {
            case "VARZ" -> (t, query) -> varz.write(t);
            case "JSZ" -> jsz::write;
            case "CONNZ" -> connz::write;
            case "ROUTEZ" -> (t, query) -> routez.write(t);
            case "SUBSZ", "SUBSCRIPTIONSZ" -> subsz::write;
            case "GATEWAYZ" -> (t, query) -> t.put("server_id", sources.serverId())
                    .put("now", JsonText.time(Varz.now())).object("outbound_gateways", o -> {
                    }).object("inbound_gateways", o -> {
                    });
            case "LEAFZ" -> (t, query) -> t.put("server_id", sources.serverId()).put("now", JsonText.time(Varz.now()))
                    .put("leafnodes", 0).strings("leafs", List.of());
            case "ACCOUNTZ" -> accountz::write;
            case "ACCSTATZ" -> accountz::statistics;
            case "ACCOUNT.INFO" -> accountz::info;
            case "ACCOUNT.JSZ" -> jsz::account;
            case "RAFTZ" -> raftz::write;
            // There are no such queues: whatever waits, waits in the log, or in a batch of the present turn.
            case "IPQUEUESZ" -> (t, query) -> {
            };
            case "EXPVARZ" -> (t, query) -> ProcessPages.variables(t);
            default -> null;
        };
    }

    private static String index() {
        final StringBuilder html =
                new StringBuilder("<html lang=\"en\">\n<head><title>Server monitoring</title></head>\n"
                        + "<body>\n<ul>\n");
        for (final String name : NAMES) {
            html.append("<li><a href=\"./").append(name).append("\">").append(name).append("</a></li>\n");
        }
        return html.append("</ul>\n</body>\n</html>\n").toString();
    }
}

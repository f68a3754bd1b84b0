package jetstream.server.monitor;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.server.net.ConnectionTraffic;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;

/**
 * The services of the system account: every page by request, to all servers or to one, and the heartbeat of figures
 * (spec/monitoring.md sections 3 and 4). Node thread.
 */
public final class SystemServices {
    private static final String PING = "$SYS.REQ.SERVER.PING";
    private static final String ACCOUNT = "$SYS.REQ.ACCOUNT.";
    private static final List<String> PAGES = List.of("IDZ", "STATSZ", "VARZ", "SUBSZ", "CONNZ", "ROUTEZ", "GATEWAYZ",
            "LEAFZ", "ACCOUNTZ", "JSZ", "HEALTHZ", "EXPVARZ", "IPQUEUESZ", "RAFTZ");
    private static final List<String> ACCOUNT_PAGES =
            List.of("CONNZ", "SUBSZ", "LEAFZ", "JSZ", "INFO", "STATZ", "CONNS");
    private static final long HEARTBEAT_NS = 10_000_000_000L;
    private static final long FIRST_HEARTBEAT_NS = 250_000_000L;
    private static final int FLAG_JETSTREAM = 1;

    private final MonitorSources sources;
    private final MonitorPages pages;
    private final Account system;
    private final Msg msg = new Msg();
    private long seq;
    private long heartbeatNs = System.nanoTime() + FIRST_HEARTBEAT_NS;

    /** Services of that server; {@link #start} subscribes. */
    public SystemServices(final MonitorSources sources, final MonitorPages pages) {
        this.sources = sources;
        this.pages = pages;
        system = sources.router().account(sources.config().systemAccount());
    }

    /** Subscribes. Node thread. */
    public void start() {
        final String own = "$SYS.REQ.SERVER." + sources.serverId() + ".";
        sources.router().subscribe(system, PING, null, (account, origin, request) -> answer("STATSZ", request));
        // One by one: whoever asks for something else is told that nobody answers.
        for (final String page : PAGES) {
            sources.router().subscribe(system, PING + '.' + page, null,
                    (account, origin, request) -> answer(page, request));
            sources.router().subscribe(system, own + page, null,
                    (account, origin, request) -> answer(page, request));
        }
        for (final String page : ACCOUNT_PAGES) {
            sources.router().subscribe(system, ACCOUNT + "*." + page, null,
                    (account, origin, request) -> answerAccount(page, request));
        }
    }

    /** Publishes the figures when it is time. */
    public void tick(final long nowNs) {
        if (nowNs - heartbeatNs >= 0) {
            heartbeatNs = nowNs + HEARTBEAT_NS;
            publish("$SYS.SERVER." + sources.serverId() + ".STATSZ", statsz());
        }
    }

    /** {@code $SYS.REQ.ACCOUNT.<account>.<page>}, or {@code PING} in place of the account. */
    private void answerAccount(final String page, final Msg request) {
        final String subject = new String(request.subject(), 0, request.subjectLength(), StandardCharsets.UTF_8);
        final String name = subject.substring(ACCOUNT.length(), subject.length() - page.length() - 1);
        final Account account = sources.router().accountOrNull(name);
        switch (page) {
            case "STATZ" -> answer("ACCSTATZ", request, name.equals("PING") ? "" : name);
            case "CONNS" -> answerConnections(account, request);
            case "INFO", "JSZ" -> answer("ACCOUNT." + page, request, name);
            default -> answer(page, request, name.equals("PING") ? "" : name);
        }
    }

    /** Servers without clients of the account are silent. */
    private void answerConnections(final Account account, final Msg request) {
        if (request.hasReply() && account != null && account.clientCount() > 0) {
            publish(new String(request.reply(), 0, request.replyLength(), StandardCharsets.UTF_8),
                    JsonText.object(t -> {
                        t.object("server", this::server);
                        Accountz.statistics(t, account);
                    }));
        }
    }

    private void answer(final String page, final Msg request) {
        answer(page, request, "");
    }

    private void answer(final String page, final Msg request, final String account) {
        if (!request.hasReply()) {
            return;
        }
        final String reply = new String(request.reply(), 0, request.replyLength(), StandardCharsets.UTF_8);
        final byte[] body = new byte[request.totalLength() - request.headersLength()];
        request.bodyBuffer().get(request.bodyOffset() + request.headersLength(), body);
        try {
            final JsonObject options = body.length == 0 ? JsonObject.parse("{}") : JsonObject.parse(body);
            if (fits(options)) {
                final Query query = query(options);
                if (!account.isEmpty()) {
                    query.values().put("acc", List.of(account));
                }
                answer(page, reply, query);
            }
        } catch (final JsonException e) {
            publish(reply, JsonText.object(t -> {
                t.object("server", this::server);
                t.object("error", o -> o.put("code", 400).put("description", e.getMessage()));
            }));
        }
    }

    private void answer(final String page, final String reply, final Query query) {
        try {
            switch (page) {
                case "STATSZ" -> publish(reply, statsz());
                case "IDZ" -> publish(reply, JsonText.object(t -> t.put("name", sources.serverName())
                        .put("host", sources.config().host()).put("id", sources.serverId())));
                case "HEALTHZ" -> {
                    final byte[] health = pages.healthz().check(query).json(true);
                    publish(reply, envelope(t -> t.raw("data", health)));
                }
                default -> {
                    if (!pages.isSilent(page, query)) {
                        final BiConsumer<JsonText, Query> writer = pages.writer(page);
                        publish(reply, envelope(t -> t.object("data", d -> writer.accept(d, query))));
                    }
                }
            }
        } catch (final Query.BadQuery e) {
            publish(reply, envelope(t -> t.nothing("data").object("error",
                    o -> o.put("code", 500).put("description", e.getMessage()))));
        }
    }

    /** Whether a request that names servers means this one. */
    private boolean fits(final JsonObject o) {
        final boolean exact = o.bool("exact_match", false);
        return fits(o.string("server_name", ""), sources.serverName(), exact)
                && fits(o.string("cluster", ""), sources.clusterName(), exact)
                && fits(o.string("host", ""), sources.config().host(), exact)
                && fits(o.string("domain", ""), sources.config().jetStream().domain(), true)
                && sources.config().serverTags().containsAll(o.strings("tags"));
    }

    private static boolean fits(final String wanted, final String own, final boolean exact) {
        return wanted.isEmpty() || (exact ? own.equals(wanted) : own.contains(wanted));
    }

    private static Query query(final JsonObject options) {
        final Map<String, List<String>> values = new HashMap<>();
        options.rawMembers().forEach((key, json) -> {
            final String text = new String(json, StandardCharsets.UTF_8);
            if (!text.startsWith("{") && !text.startsWith("[") && !text.equals("null")) {
                values.put(key,
                        new ArrayList<>(List.of(text.startsWith("\"") ? text.substring(1, text.length() - 1) : text)));
            }
        });
        return new Query(values);
    }

    private byte[] envelope(final Consumer<JsonText> body) {
        return JsonText.object(t -> {
            t.object("server", this::server);
            body.accept(t);
        });
    }

    /** How this server introduces itself; every message has a number. */
    void server(final JsonText t) {
        t.put("name", sources.serverName()).put("host", sources.config().host()).put("id", sources.serverId())
                .opt("cluster", sources.clusterName()).opt("domain", sources.config().jetStream().domain())
                .put("ver", "2.15.2");
        if (!sources.config().serverTags().isEmpty()) {
            t.strings("tags", sources.config().serverTags());
        }
        final boolean jetStream = sources.config().jetStream().enabled();
        t.put("jetstream", jetStream).put("flags", jetStream ? FLAG_JETSTREAM : 0).put("seq", ++seq)
                .put("time", JsonText.time(Varz.now()));
    }

    private byte[] statsz() {
        return JsonText.object(t -> {
            t.object("server", this::server);
            t.object("statsz", this::figures);
        });
    }

    private void figures(final JsonText t) {
        final ConnectionTraffic traffic = sources.clients().traffic();
        t.put("start", JsonText.time(sources.start())).put("mem", pages.varz().memoryBytes())
                .put("cores", Runtime.getRuntime().availableProcessors()).put("cpu", pages.varz().cpu());
        t.put("connections", sources.clients().connections().size())
                .put("total_connections", sources.clients().totalConnections())
                .put("active_accounts", sources.router().accounts().stream().filter(a -> a.clientCount() > 0).count())
                .put("subscriptions", sources.clients().subscriptionCount());
        t.object("sent", o -> o.put("msgs", traffic.outMsgs()).put("bytes", traffic.outBytes()));
        t.object("sent_to_clients", o -> o.put("msgs", traffic.outMsgs()).put("bytes", traffic.outBytes()));
        t.object("received", o -> o.put("msgs", traffic.inMsgs()).put("bytes", traffic.inBytes()));
        t.object("received_from_clients", o -> o.put("msgs", traffic.inMsgs()).put("bytes", traffic.inBytes()));
        t.put("slow_consumers", sources.clients().slowConsumers());
        t.objects("routes", sources.routes(), (o, link) -> {
            o.put("rid", Math.abs(link.info().node().value() % 1_000_000)).put("name", link.info().serverName());
            o.object("sent", s -> s.put("msgs", link.traffic().outMsgs()).put("bytes", link.traffic().outBytes()));
            o.object("received", s -> s.put("msgs", link.traffic().inMsgs()).put("bytes", link.traffic().inBytes()));
            o.put("pending", link.pendingBytes());
        });
        t.put("active_servers", sources.routes().size() + 1);
        if (sources.config().jetStream().enabled()) {
            t.object("jetstream", pages.jsz()::varz);
        }
        t.put("gomaxprocs", ManagementFactory.getOperatingSystemMXBean().getAvailableProcessors());
    }

    private void publish(final String subject, final byte[] json) {
        sources.router().publish(system, msg.clear().subject(subject).body(json, 0, 0, json.length));
    }
}

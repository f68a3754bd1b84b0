package jetstream.server.monitor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.SSLSession;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.GoDuration;
import jetstream.engine.subject.SubjectMatcher;
import jetstream.server.net.ClientConnection;
import jetstream.server.net.ClosedConnection;
import jetstream.server.route.Subscription;

/** Connections (spec/monitoring.md section 2, connz). Node thread. */
final class Connz {
    private static final int LIMIT = 1024;

    private final MonitorSources sources;

    Connz(final MonitorSources sources) {
        this.sources = sources;
    }

    void write(final JsonText t, final Query query) {
        final String state = query.text("state");
        final boolean open = state.isEmpty() || state.equals("open") || state.equals("0") || isAny(state);
        final boolean closed = state.equals("closed") || state.equals("1") || isAny(state);
        if (!open && !closed) {
            throw new Query.BadQuery("Error decoding state for " + state);
        }
        checkSort(query.text("sort"), closed && !open);
        if (query.has("filter_subject") && !query.has("acc")) {
            throw new Query.BadQuery("filter by subject only valid with account filtering");
        }
        final List<ClientConnection> connections = open ? open(query) : List.of();
        final List<ClosedConnection> gone = closed ? closed(query) : List.of();
        final int total = connections.size() + gone.size();
        final int offset = Math.clamp(query.number("offset", 0), 0, total);
        final int limit = query.number("cid", 0) > 0 ? 1 : query.number("limit", LIMIT);
        final List<Object> page = new ArrayList<>(connections);
        page.addAll(gone);
        final List<Object> shown = page.subList(offset, Math.min(total, offset + limit));
        t.put("server_id", sources.serverId()).put("now", JsonText.time(Varz.now()));
        t.put("num_connections", shown.size()).put("total", total).put("offset", offset).put("limit", limit);
        t.objects("connections", shown, (o, c) -> {
            if (c instanceof final ClientConnection connection) {
                connection(o, connection, query);
            } else {
                closed(o, (ClosedConnection) c, query);
            }
        });
    }

    private static void checkSort(final String sort, final boolean closedOnly) {
        if ((sort.equals("stop") || sort.equals("reason")) && !closedOnly) {
            throw new Query.BadQuery("sort by " + sort + " only valid on closed connections");
        }
    }

    private static boolean isAny(final String state) {
        return state.equals("any") || state.equals("all") || state.equals("2");
    }

    private List<ClientConnection> open(final Query query) {
        final List<ClientConnection> found = new ArrayList<>();
        final int cid = query.number("cid", 0);
        final String account = query.text("acc");
        final String user = query.text("user");
        final byte[] filter = query.text("filter_subject").getBytes(StandardCharsets.UTF_8);
        for (final ClientConnection connection : sources.clients().connections()) {
            final boolean fits =
                    (cid == 0 || connection.cid() == cid) && (user.isEmpty() || connection.user().equals(user))
                            && (account.isEmpty()
                                    || connection.account() != null && connection.account().name().equals(account))
                            && hasFilter(connection, filter);
            if (fits) {
                found.add(connection);
            }
        }
        found.sort(order(query.text("sort")));
        return found;
    }

    private static Comparator<ClientConnection> order(final String sort) {
        return switch (sort) {
            case "", "cid", "start" -> Comparator.comparingLong(ClientConnection::cid);
            case "subs" -> Comparator.comparingInt((ClientConnection c) -> c.subscriptions().size()).reversed();
            case "pending" -> Comparator.comparingLong(ClientConnection::pendingBytes).reversed();
            case "msgs_to" -> Comparator.comparingLong((ClientConnection c) -> c.traffic().outMsgs()).reversed();
            case "msgs_from" -> Comparator.comparingLong((ClientConnection c) -> c.traffic().inMsgs()).reversed();
            case "bytes_to" -> Comparator.comparingLong((ClientConnection c) -> c.traffic().outBytes()).reversed();
            case "bytes_from" -> Comparator.comparingLong((ClientConnection c) -> c.traffic().inBytes()).reversed();
            case "last", "idle" -> Comparator.comparingLong(ClientConnection::lastActivityEpochNs).reversed();
            case "uptime" -> Comparator.comparingLong(ClientConnection::startEpochNs).reversed();
            case "stop", "reason" -> Comparator.comparingLong(ClientConnection::cid);
            case "rtt" -> Comparator.comparingLong(ClientConnection::rttNs).reversed();
            default -> throw new Query.BadQuery("invalid sorting option: " + sort);
        };
    }

    private List<ClosedConnection> closed(final Query query) {
        final int cid = query.number("cid", 0);
        final String account = query.text("acc");
        final String user = query.text("user");
        final Comparator<ClosedConnection> order = switch (query.text("sort")) {
            case "stop" -> Comparator.comparingLong(ClosedConnection::stopEpochNs).reversed();
            case "reason" -> Comparator.comparing(c -> c.reason().text());
            default -> Comparator.comparingLong(ClosedConnection::cid);
        };
        return sources.clients().closedConnections().stream().filter(c -> cid == 0 || c.cid() == cid)
                .filter(c -> account.isEmpty() || c.client().account().equals(account))
                .filter(c -> user.isEmpty() || c.client().user().equals(user)).sorted(order).toList();
    }

    private void connection(final JsonText t, final ClientConnection c, final Query query) {
        final long nowNs = Varz.now();
        t.put("cid", c.cid()).put("kind", "Client").put("type", c.isWebSocket() ? "websocket" : "nats")
                .put("ip", c.remoteHost()).put("port", c.remotePort());
        t.put("start", JsonText.time(c.startEpochNs())).put("last_activity", JsonText.time(c.lastActivityEpochNs()));
        t.opt("rtt", c.rttNs() == 0 ? "" : GoDuration.text(c.rttNs()));
        t.put("uptime", Varz.uptime(Duration.ofNanos(nowNs - c.startEpochNs())))
                .put("idle", Varz.uptime(Duration.ofNanos(Math.max(0, nowNs - c.lastActivityEpochNs()))));
        t.put("pending_bytes", c.pendingBytes()).put("in_msgs", c.traffic().inMsgs())
                .put("out_msgs", c.traffic().outMsgs())
                .put("in_bytes", c.traffic().inBytes()).put("out_bytes", c.traffic().outBytes());
        t.opt("stalls", c.stalls()).put("subscriptions", c.subscriptions().size());
        t.opt("name", c.clientName()).opt("lang", c.language()).opt("version", c.version());
        final SSLSession tls = c.tlsSession();
        if (tls != null) {
            t.put("tls_version", tls.getProtocol().replace("TLSv", "")).put("tls_cipher_suite", tls.getCipherSuite());
        }
        if (query.flag("auth") || query.has("user")) {
            t.opt("authorized_user", c.user()).opt("account", c.account() == null ? "" : c.account().name());
        }
        if (wantsDetail(query)) {
            t.objects("subscriptions_list_detail", c.subscriptions(), (o, s) -> Subsz.detail(o, s, c.cid()));
        } else if (wantsSubscriptions(query)) {
            t.strings("subscriptions_list", c.subscriptions().stream().map(Connz::pattern).toList());
        }
    }

    static String pattern(final Subscription subscription) {
        return new String(subscription.subject(), StandardCharsets.UTF_8);
    }

    private static void closed(final JsonText t, final ClosedConnection c, final Query query) {
        t.put("cid", c.cid()).put("kind", "Client").put("type", "nats").put("ip", c.remoteHost()).put("port",
                c.remotePort());
        t.put("start", JsonText.time(c.startEpochNs())).put("last_activity", JsonText.time(c.lastEpochNs()))
                .put("stop", JsonText.time(c.stopEpochNs())).put("reason", c.reason().text());
        t.opt("rtt", c.rttNs() == 0 ? "" : GoDuration.text(c.rttNs()));
        t.put("uptime", Varz.uptime(Duration.ofNanos(Math.max(0, c.stopEpochNs() - c.startEpochNs()))))
                .put("idle", Varz.uptime(Duration.ofNanos(Math.max(0, c.stopEpochNs() - c.lastEpochNs()))));
        t.put("pending_bytes", 0).put("in_msgs", c.traffic().inMsgs()).put("out_msgs", c.traffic().outMsgs())
                .put("in_bytes", c.traffic().inBytes()).put("out_bytes", c.traffic().outBytes());
        t.opt("stalls", c.stalls()).put("subscriptions", c.subscriptions().size());
        t.opt("name", c.client().name()).opt("lang", c.client().language()).opt("version", c.client().version());
        if (query.flag("auth") || query.has("user")) {
            t.opt("authorized_user", c.client().user()).opt("account", c.client().account());
        }
        if (wantsDetail(query) || wantsSubscriptions(query)) {
            t.strings("subscriptions_list", c.subscriptions());
        }
    }

    private static boolean wantsDetail(final Query query) {
        return query.text("subs").equals("detail") || query.flag("subscriptions_detail");
    }

    private static boolean wantsSubscriptions(final Query query) {
        return !query.text("subs").equals("detail") && query.flag("subs") || query.flag("subscriptions");
    }

    /** Whether a connection has a subscription that would get messages of that subject. */
    private static boolean hasFilter(final ClientConnection connection, final byte[] subject) {
        return subject.length == 0 || connection.subscriptions().stream()
                .anyMatch(s -> SubjectMatcher.covers(s.subject(), s.subject().length, subject, subject.length));
    }
}

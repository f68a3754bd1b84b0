package jetstream.server.monitor;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import jetstream.engine.json.JsonText;
import jetstream.server.net.ClientConnection;
import jetstream.server.net.ClientEvents;
import jetstream.server.net.ClosedConnection;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;

/**
 * Tells the system account of clients that log in and leave (spec/monitoring.md section 4). Nothing is put together
 * while nobody listens. Node thread.
 */
public final class AccountEvents implements ClientEvents {
    private static final String TYPE = "io.nats.server.advisory.v1.";
    private static final String ID_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 22;

    private final MonitorSources sources;
    private final SystemServices services;
    private final Account system;
    private final Msg msg = new Msg();

    /** Events of that server; the services know how a server introduces itself. */
    public AccountEvents(final MonitorSources sources, final SystemServices services) {
        this.sources = sources;
        this.services = services;
        system = sources.router().account(sources.config().systemAccount());
    }

    @Override
    public void onLogin(final ClientConnection connection) {
        if (connection.account() != null) {
            publishCount(connection.account());
            publish(connection.account().name(), "CONNECT", "client_connect", t -> t.object("client", c -> {
                c.put("start", JsonText.time(connection.startEpochNs())).put("host", connection.remoteHost())
                        .put("id", connection.cid()).put("acc", connection.account().name())
                        .opt("user", connection.user()).opt("name", connection.clientName())
                        .opt("lang", connection.language()).opt("ver", connection.version())
                        .opt("rtt", connection.rttNs());
                kind(c);
            }));
        }
    }

    @Override
    public void onClosed(final ClosedConnection connection) {
        if (connection.client().account().isEmpty()) {
            return;                                 // it never logged in
        }
        publishCount(sources.router().account(connection.client().account()));
        publish(connection.client().account(), "DISCONNECT", "client_disconnect", t -> {
            t.object("client", c -> {
                c.put("start", JsonText.time(connection.startEpochNs())).put("host", connection.remoteHost())
                        .put("id", connection.cid()).put("acc", connection.client().account())
                        .opt("user", connection.client().user()).opt("name", connection.client().name())
                        .opt("lang", connection.client().language()).opt("ver", connection.client().version())
                        .opt("rtt", connection.rttNs()).put("stop", JsonText.time(connection.stopEpochNs()));
                kind(c);
            });
            t.object("sent", s -> s.put("msgs", connection.traffic().outMsgs())
                    .put("bytes", connection.traffic().outBytes()));
            t.object("received", r -> r.put("msgs", connection.traffic().inMsgs())
                    .put("bytes", connection.traffic().inBytes()));
            t.put("reason", connection.reason().text());
        });
    }

    /** How many clients the account has here now; on the present subject and the older one. */
    private void publishCount(final Account account) {
        final Consumer<JsonText> body = t -> Accountz.statistics(t, account);
        publishOn("$SYS.SERVER.ACCOUNT." + account.name() + ".CONNS", "account_connections", body);
        publishOn("$SYS.ACCOUNT." + account.name() + ".SERVER.CONNS", "account_connections", body);
    }

    private static void kind(final JsonText t) {
        t.put("kind", "Client").put("client_type", "nats");
    }

    private void publish(final String account, final String what, final String type, final Consumer<JsonText> body) {
        publishOn("$SYS.ACCOUNT." + account + '.' + what, type, body);
    }

    private void publishOn(final String name, final String type, final Consumer<JsonText> body) {
        final byte[] subject = name.getBytes(StandardCharsets.UTF_8);
        if (!sources.router().hasInterest(system, subject, subject.length)) {
            return;
        }
        final byte[] json = JsonText.object(t -> {
            t.put("type", TYPE + type).put("id", id()).put("timestamp", JsonText.time(Varz.now()));
            t.object("server", services::server);
            body.accept(t);
        });
        sources.router().publish(system, msg.clear().subject(subject, 0, subject.length).body(json, 0, 0,
                json.length));
    }

    private static String id() {
        final StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_CHARS.charAt(ThreadLocalRandom.current().nextInt(ID_CHARS.length())));
        }
        return id.toString();
    }
}

package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import jetstream.server.JetStreamServer;
import org.junit.jupiter.api.Test;

/** Who may connect, and what they may do, from spec/auth-accounts.md sections 1 to 4. */
final class AuthorizationTest {
    private static final String DENIED = "-ERR 'Authorization Violation'\r\n";

    private static String bytes(final String text) {
        return text.replace("~", "\r\n");
    }

    private static String login(final JetStreamServer server, final String options) throws IOException {
        try (RawClient client = new RawClient(server.clientPort())) {
            client.send("CONNECT {\"verbose\":false" + options + "}\r\nPING\r\n");
            return client.line();
        }
    }

    @Test
    void anythingButConnectIsRefusedFirst() throws IOException {
        try (JetStreamServer server = TestServers.launch("authorization { token: abc }")) {
            for (final String input : new String[] {"PING\r\n", "SUB a 1\r\n", "X", "PUB a 2\r\nhi\r\n"}) {
                try (RawClient client = new RawClient(server.clientPort())) {
                    assertTrue(client.info().contains("\"auth_required\":true"), client.info());
                    client.send(input);
                    assertEquals(DENIED, client.untilClosed());
                }
            }
        }
    }

    @Test
    void tokensAndSingleUsersAreCompared() throws IOException {
        try (JetStreamServer server = TestServers.launch("authorization { token: abc }")) {
            assertEquals("PONG", login(server, ",\"auth_token\":\"abc\""));
            assertEquals("-ERR 'Authorization Violation'", login(server, ",\"auth_token\":\"abd\""));
            assertEquals("-ERR 'Authorization Violation'", login(server, ""));
        }
        try (JetStreamServer server = TestServers.launch("authorization { user: u, password: p }")) {
            assertEquals("PONG", login(server, ",\"user\":\"u\",\"pass\":\"p\""));
            assertEquals("-ERR 'Authorization Violation'", login(server, ",\"user\":\"u\",\"pass\":\"q\""));
            assertEquals("-ERR 'Authorization Violation'", login(server, ",\"user\":\"v\",\"pass\":\"p\""));
        }
    }

    @Test
    void hashedPasswordsAreComparedAwayFromTheNodeThread() throws IOException {
        final String hash = BCrypt.withDefaults().hashToString(6, "secret".toCharArray());
        try (JetStreamServer server =
                TestServers.launch("authorization { users: [ {user: u, password: \"" + hash + "\"} ] }")) {
            assertEquals("PONG", login(server, ",\"user\":\"u\",\"pass\":\"secret\""));
            assertEquals("-ERR 'Authorization Violation'", login(server, ",\"user\":\"u\",\"pass\":\"wrong\""));
        }
    }

    @Test
    void silentClientIsSentAway() throws IOException {
        try (JetStreamServer server = TestServers.launch("authorization { token: abc, timeout: 0.1 }");
                RawClient client = new RawClient(server.clientPort())) {
            assertEquals("-ERR 'Authentication Timeout'\r\n", client.untilClosed());
        }
    }

    @Test
    void accountsAreIsolated() throws IOException {
        try (JetStreamServer server = TestServers.launch(
                "accounts { A { users: [{user: a, password: a}] }, B { users: [{user: b, password: b}] } }");
                RawClient a = new RawClient(server.clientPort()).connect(",\"user\":\"a\",\"pass\":\"a\"");
                RawClient b = new RawClient(server.clientPort()).connect(",\"user\":\"b\",\"pass\":\"b\"");
                RawClient b2 = new RawClient(server.clientPort()).connect(",\"user\":\"b\",\"pass\":\"b\"")) {
            a.send("SUB > 1\r\n").untilPong();
            b2.send("SUB > 1\r\n").untilPong();
            b.send("PUB x 1\r\n1\r\n").untilPong();
            assertEquals("", a.untilPong());
            assertEquals(bytes("MSG x 1 1~1~"), b2.untilPong());
            assertEquals("-ERR 'Authorization Violation'", login(server, ""));
        }
    }

    @Test
    void everybodyMayEnterIfOnlyTheSystemAccountHasUsers() throws Exception {
        try (JetStreamServer server =
                TestServers.launch("accounts { $SYS { users: [{user: admin, password: pw}] } }")) {
            assertEquals("PONG", login(server, ""));
            assertEquals("PONG", login(server, ",\"user\":\"admin\",\"pass\":\"pw\""));
            assertEquals("-ERR 'Authorization Violation'", login(server, ",\"user\":\"admin\",\"pass\":\"no\""));
            try (RawClient client = new RawClient(server.clientPort())) {
                assertTrue(client.info().contains("\"auth_required\":true"), client.info());
                client.send("CONNECT {\"verbose\":false,\"protocol\":1}\r\nPING\r\n");
                assertEquals("PONG", client.line());
                assertTrue(client.line().contains("\"remote_account\":\"$G\""));
            }
        }
    }

    @Test
    void noAuthUserIsUsedWithoutCredentials() throws IOException {
        try (JetStreamServer server = TestServers.launch("no_auth_user: b\n"
                + "accounts { A { users: [{user: a, password: a}] }, B { users: [{user: b, password: b}] } }");
                RawClient client = new RawClient(server.clientPort())) {
            assertFalse(client.info().contains("auth_required"), client.info());
            client.send("SUB a 1\r\nPUB a 1\r\nx\r\n");
            assertEquals(bytes("+OK~+OK~MSG a 1 1~x~"), client.untilPong());
            assertEquals("-ERR 'Authorization Violation'", login(server, ",\"user\":\"b\",\"pass\":\"wrong\""));
        }
    }

    @Test
    void permissionsAreKept() throws IOException {
        final String users = """
            authorization { users: [
              {user: u, password: p, permissions: {
                publish: {allow: ["ok.>", "in"], deny: "ok.not"}
                subscribe: {allow: ["s.>", "q.* work.*"], deny: ["s.secret", "s.both bad"]} }}
              {user: all, password: p}
            ] }
            """;
        try (JetStreamServer server = TestServers.launch(users);
                RawClient client = new RawClient(server.clientPort()).connect(",\"user\":\"u\",\"pass\":\"p\"");
                RawClient free = new RawClient(server.clientPort()).connect(",\"user\":\"all\",\"pass\":\"p\"")) {
            client.send("PUB ok.a 0\r\n\r\nPUB ok.not 0\r\n\r\nPUB other 0\r\n\r\n");
            assertEquals(bytes("-ERR 'Permissions Violation for Publish to \"ok.not\"'~"
                    + "-ERR 'Permissions Violation for Publish to \"other\"'~"), client.untilPong());

            client.send("SUB x 1\r\nSUB s.secret 2\r\nSUB > 3\r\nSUB q.a work.b 4\r\nSUB q.a other 5\r\n"
                    + "SUB s.both bad 6\r\nSUB s.both good 7\r\nSUB s.* 8\r\n");
            assertEquals(bytes("-ERR 'Permissions Violation for Subscription to \"x\"'~"
                    + "-ERR 'Permissions Violation for Subscription to \"s.secret\"'~"
                    + "-ERR 'Permissions Violation for Subscription to \">\"'~"
                    + "-ERR 'Permissions Violation for Subscription to \"q.a\" using queue \"other\"'~"
                    + "-ERR 'Permissions Violation for Subscription to \"s.both\" using queue \"bad\"'~"),
                    client.untilPong());

            free.send("PUB s.secret 1\r\nx\r\nPUB s.open 1\r\ny\r\nPUB q.a 1\r\nz\r\n").untilPong();
            assertEquals(bytes("MSG s.open 8 1~y~MSG q.a 4 1~z~"), client.untilPong());
        }
    }

    @Test
    void requestsMayBeAnsweredOnce() throws IOException {
        final String users = """
            authorization { users: [
              {user: svc, password: p, permissions: { subscribe: "svc", allow_responses: true }}
              {user: all, password: p}
            ] }
            """;
        try (JetStreamServer server = TestServers.launch(users);
                RawClient service = new RawClient(server.clientPort()).connect(",\"user\":\"svc\",\"pass\":\"p\"");
                RawClient free = new RawClient(server.clientPort()).connect(",\"user\":\"all\",\"pass\":\"p\"")) {
            service.send("SUB svc 1\r\nPUB reply.1 0\r\n\r\n");
            assertEquals(bytes("-ERR 'Permissions Violation for Publish to \"reply.1\"'~"), service.untilPong());
            free.send("SUB reply.* 1\r\nPUB svc reply.1 1\r\nx\r\n").untilPong();
            service.send("PUB reply.1 1\r\na\r\nPUB reply.1 1\r\nb\r\n");
            assertEquals(bytes("MSG svc 1 reply.1 1~x~-ERR 'Permissions Violation for Publish to \"reply.1\"'~"),
                    service.untilPong());
            assertEquals(bytes("MSG reply.1 1 1~a~"), free.untilPong());
        }
    }

    @Test
    void accountLimitsHold() throws IOException {
        try (JetStreamServer server = TestServers.launch("accounts { A { users: [{user: a, password: a}], "
                + "limits { max_connections: 1, max_payload: 10, max_subscriptions: 1 } } }");
                RawClient first = new RawClient(server.clientPort()).connect(",\"user\":\"a\",\"pass\":\"a\"")) {
            assertEquals("-ERR 'maximum account active connections exceeded'",
                    login(server, ",\"user\":\"a\",\"pass\":\"a\""));
            first.send("SUB a 1\r\nSUB b 2\r\n");
            assertEquals(bytes("-ERR 'maximum subscriptions exceeded'~"), first.untilPong());
            first.send("PUB a 11\r\n");
            assertEquals(bytes("-ERR 'Maximum Payload Violation'~"), first.untilClosed());
        }
    }

    @Test
    void serverHasAnEnd() throws IOException {
        try (JetStreamServer server = TestServers.launch("max_connections: 1");
                RawClient first = new RawClient(server.clientPort()).connect("")) {
            try (RawClient second = new RawClient(server.clientPort())) {
                assertEquals("-ERR 'maximum connections exceeded'\r\n", second.untilClosed());
            }
            assertEquals("", first.untilPong());
        }
    }

    @Test
    void staleConnectionIsClosed() throws IOException {
        try (JetStreamServer server = TestServers.launch("ping_interval: \"50ms\"\nping_max: 1");
                RawClient client = new RawClient(server.clientPort()).connect("")) {
            assertEquals(bytes("PING~-ERR 'Stale Connection'~"), client.untilClosed());
        }
    }

    @Test
    void clientThatTakesNothingIsClosed() throws IOException, InterruptedException, ExecutionException {
        try (JetStreamServer server = TestServers.launch("max_payload: 1MB\nwrite_deadline: \"100ms\"");
                RawClient stuck = new RawClient(server.clientPort()).connect("");
                RawClient publisher = new RawClient(server.clientPort()).connect("")) {
            stuck.send("SUB a 1\r\n").untilPong();
            for (int i = 0; i < 20; i++) {
                publisher.send("PUB a 1000000\r\n" + "x".repeat(1_000_000) + "\r\n").untilPong();
            }
            final long deadlineNs = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            String reason = "";
            while (reason.isEmpty() && System.nanoTime() < deadlineNs) {
                reason = server.context().loop().ask(() -> server.context().clients().closedConnections().stream()
                        .map(closed -> closed.reason().text()).findFirst().orElse("")).get();
            }
            assertEquals("Slow Consumer (Write Deadline)", reason);
            assertEquals("", publisher.untilPong());
        }
    }

    @Test
    void slowConsumerIsClosedAndOthersAreNot() throws IOException, InterruptedException, ExecutionException {
        try (JetStreamServer server = TestServers.launch("max_payload: 1MB\nmax_pending: 2MB");
                RawClient slow = new RawClient(server.clientPort()).connect("");
                RawClient publisher = new RawClient(server.clientPort()).connect("")) {
            slow.send("SUB a 1\r\n").untilPong();
            final String message = "PUB a 500000\r\n" + "x".repeat(500_000) + "\r\n";
            final long deadlineNs = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            long slowConsumers = 0;
            while (slowConsumers == 0 && System.nanoTime() < deadlineNs) {
                publisher.send(message).untilPong();
                slowConsumers = server.context().loop().ask(() -> server.context().clients().slowConsumers()).get();
            }
            assertEquals(1, slowConsumers);
            assertEquals("", publisher.untilPong());
        }
    }
}

package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import jetstream.server.JetStreamServer;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.TimingConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exact bytes on the wire, from spec/client-protocol.md. */
final class ClientProtocolTest {
    private static JetStreamServer server;

    @BeforeAll
    static void launch() throws IOException {
        server = TestServers.launch("max_payload: 1000\nmax_control_line: 200\nmax_subscriptions: 5\n"
                + "max_subscription_tokens: 6\n");
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static RawClient client() throws IOException {
        return new RawClient(server.clientPort());
    }

    private static String bytes(final String text) {
        return text.replace("~", "\r\n");
    }

    /** What stands right of the bar is all that comes before the server closes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "PUB a 1001~                       | -ERR 'Maximum Payload Violation'~",
        "HPUB a 1 1001~                    | -ERR 'Maximum Payload Violation'~",
        "PUB a~                            | ''",
        "PUB a x~                          | ''",
        "HPUB a 8 7~                       | ''",
        "SUB a~                            | ''",
        "UNSUB 1 2 3~                      | ''",
        "PUB a 2~hiXX                      | -ERR 'Unknown Protocol Operation'~",
        "MSG a 1 2~                        | -ERR 'Unknown Protocol Operation'~",
        "RS+ a~                            | -ERR 'Unknown Protocol Operation'~",
        "A+ a~                             | -ERR 'Unknown Protocol Operation'~",
        "-ERR 'oops'~                      | ''",
        "CONNECT {nonsense~                | ''",
        "CONNECT {\"verbose\":false,\"protocol\":2}~     | -ERR 'invalid client protocol'~",
        "CONNECT {\"verbose\":false,\"account\":\"x\"}~  | -ERR 'Authorization Violation'~",
        "CONNECT {\"verbose\":false,\"no_responders\":true}~ | -ERR 'no responders requires headers support'~",
    })
    void violationsClose(final String input, final String expected) throws IOException {
        try (RawClient client = client().connect(",\"headers\":true")) {
            client.send(bytes(input));
            assertEquals(bytes(expected), client.untilClosed());
        }
    }

    /** What stands right of the bar comes before the PONG; the connection stays. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SUB a 1~SUB a 1~PUB a 1~x~                | MSG a 1 1~x~",
        "SUB a 1~PUB a r 003~abc~                  | MSG a 1 r 003~abc~",
        "SUB a.* 1~pub\ta.b\t2~hi~                 | MSG a.b 1 2~hi~",
        "SUB a.* 1~PUB a.* 2~hi~                   | MSG a.* 1 2~hi~",
        "SUB > 1~PUB a..b 0~~PUB .a 0~~PUB a. 0~~  | ''",
        "SUB a 1~HPUB a 5 7~abcdefg~               | HMSG a 1 5 7~abcdefg~",
        "SUB a 1~UNSUB 1 2~PUB a 0~~PUB a 0~~PUB a 0~~ | MSG a 1 0~~MSG a 1 0~~",
        "SUB a 1~PUB a 0~~UNSUB 1 1~PUB a 0~~      | MSG a 1 0~~",
        "SUB a 1~PUB a 0~~UNSUB 1 x~PUB a 0~~      | MSG a 1 0~~",
        "UNSUB 99~                                 | ''",
        "SUB a..b 1~                               | -ERR 'Invalid Subject'~",
        "SUB a.>.b 1~                              | -ERR 'Invalid Subject'~",
        "SUB fo* 1~PUB fo* 0~~PUB foo 0~~          | MSG fo* 1 0~~",
        "SUB a _sys_ 1~           | -ERR 'Permissions Violation for Subscription to \"a\" using queue \"_sys_\"'~",
        "SUB a.b.c.d.e.f.g 1~     "
                + "| -ERR 'Permissions Violation for Subscription to \"a.b.c.d.e.f.g\", too many tokens'~",
        "SUB 1 1~SUB 2 2~SUB 3 3~SUB 4 4~SUB 5 5~SUB 6 6~ | -ERR 'maximum subscriptions exceeded'~",
        "PUB _GR_.x 0~~           | -ERR 'Permissions Violation for Publish to \"_GR_.x\"'~",
        "PUB $NRG.x 0~~           | -ERR 'Permissions Violation for Publish to \"$NRG.x\"'~",
        "PUB a $JS.ACK.x 0~~      | -ERR 'Permissions Violation for Publish with Reply of \"$JS.ACK.x\"'~",
        "PUB a _R_.x 0~~          | -ERR 'Permissions Violation for Publish with Reply of \"_R_.x\"'~",
        "+OK~INFO {}~             | ''", "SUB r 7~PUB q r 2~hi~    | HMSG r 7 33 33~NATS/1.0 503~Nats-Subject: q~~~",
        "PUB q r 2~hi~            | ''", "SUB q g 1~SUB q g 2~UNSUB 2~PUB q 0~~     | MSG q 1 0~~",})
    void operationsHaveTheirEffect(final String input, final String expected) throws IOException {
        try (RawClient client = client().connect(",\"headers\":true,\"no_responders\":true")) {
            client.send(bytes(input));
            assertEquals(bytes(expected), client.untilPong());
        }
    }

    @Test
    void verboseAndPedanticHoldBeforeConnect() throws IOException {
        try (RawClient client = client()) {
            client.send("SUB a 1\r\nPUB a 0\r\n\r\n");
            assertEquals(bytes("+OK~+OK~MSG a 1 0~~"), client.untilPong());
            client.send("PUB a.* 0\r\n\r\n");
            assertEquals(bytes("-ERR 'Invalid Publish Subject'~+OK~"), client.untilPong());
        }
    }

    @Test
    void pongComesBeforeTheSecondInfo() throws IOException {
        try (RawClient client = client()) {
            client.send("CONNECT {\"protocol\":1,\"verbose\":false}\r\nPING\r\n");
            assertEquals("PONG", client.line());
            final String info = client.line();
            assertTrue(info.startsWith("INFO {") && info.endsWith("} "), info);
            assertTrue(info.contains("\"connect_info\":true,\"remote_account\":\"$G\""), info);
            assertEquals("", client.untilPong());
        }
    }

    @Test
    void oldClientGetsOneInfo() throws IOException {
        try (RawClient client = client()) {
            assertTrue(client.info().contains("\"version\":\"2.15.2\""), client.info());
            assertTrue(client.info().contains("\"max_payload\":1000"), client.info());
            client.connect("");
            assertEquals("", client.untilPong());
        }
    }

    @Test
    void tooLongLineCloses() throws IOException {
        try (RawClient client = client().connect("")) {
            client.send("SUB " + "x".repeat(300));
            assertEquals("-ERR 'maximum control line exceeded'\r\n", client.untilClosed());
        }
    }

    @Test
    void headersAreStrippedForClientsWithoutThem() throws IOException {
        try (RawClient old = client().connect(""); RawClient client = client().connect(",\"headers\":true")) {
            old.send("SUB a.b 1\r\n").untilPong();
            client.send("HPUB a.b 12 14\r\nNATS/1.0\r\n\r\nhi\r\n").untilPong();
            assertEquals(bytes("MSG a.b 1 2~hi~"), old.untilPong());
            old.send("HPUB a 0 0\r\n\r\n");
            assertEquals("", old.untilClosed());
        }
    }

    @Test
    void echoCanBeSwitchedOff() throws IOException {
        try (RawClient quiet = client().connect(",\"echo\":false"); RawClient other = client().connect("")) {
            other.send("SUB e q 1\r\n").untilPong();
            quiet.send("SUB e 1\r\nSUB e q 2\r\nPUB e 1\r\nx\r\n");
            assertEquals("", quiet.untilPong());
            assertEquals(bytes("MSG e 1 1~x~"), other.untilPong());
        }
    }

    @Test
    void garbageDisturbsNobodyElse() throws IOException {
        final long seed = 9_222L;
        final Random random = new Random(seed);
        try (RawClient healthy = client().connect("")) {
            healthy.send("SUB healthy 1\r\n").untilPong();
            for (int round = 0; round < 200; round++) {
                final byte[] garbage = new byte[1 + random.nextInt(300)];
                random.nextBytes(garbage);
                final String start = random.nextBoolean() ? "PUB a " + random.nextInt(20) + "\r\n" : "SUB ";
                try (RawClient other = client()) {
                    other.send(start + new String(garbage, StandardCharsets.ISO_8859_1));
                }
                healthy.send("PUB healthy 2\r\nok\r\n");
                assertEquals(bytes("MSG healthy 1 2~ok~"), healthy.untilPong(), "seed " + seed + " round " + round);
            }
        }
    }

    @Test
    void leavingServerTellsItsClientsFirst() throws Exception {
        final TimingConfig defaults = TimingConfig.DEFAULT;
        final TimingConfig fast = new TimingConfig(defaults.pingIntervalNs(), defaults.pingMax(),
                defaults.writeDeadlineNs(), defaults.writeTimeout(), 60_000_000, 50_000_000);
        try (JetStreamServer leaving = JetStreamServer.launch(
                ServerConfig.builder().host("127.0.0.1").port(-1).timing(fast).build());
                RawClient client = new RawClient(leaving.clientPort()).connect(",\"protocol\":1");
                RawClient old = new RawClient(leaving.clientPort()).connect("")) {
            assertTrue(client.line().contains("connect_info"));
            leaving.leave();
            assertTrue(client.line().contains("\"ldm\":true"));
            assertEquals("", client.untilClosed());
            assertEquals("", old.untilClosed());
            leaving.awaitShutdown();
        }
    }

    @Test
    void closedConnectionsAreRemembered() throws Exception {
        final long cid;
        try (RawClient client = client().connect(",\"name\":\"goes\"")) {
            cid = Long.parseLong(client.info().replaceAll(".*\"client_id\":(\\d+).*", "$1"));
            client.send("SUB gone 1\r\n").untilPong();
        }
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        ClosedConnection found = null;
        while (found == null && System.nanoTime() < deadlineNs) {
            found = server.context().loop().ask(() -> server.context().clients().closedConnections().stream()
                    .filter(closed -> closed.cid() == cid).findFirst().orElse(null)).get();
        }
        assertEquals("goes", found.client().name());
        assertEquals("Client Closed", found.reason().text());
        assertEquals("[gone]", found.subscriptions().toString());
        assertNull(server.context().loop().ask(() -> server.context().clients().connection(cid)).get());
        assertFalse(server.context().router().account("$G").isSystem());
    }
}

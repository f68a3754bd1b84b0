package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import jetstream.server.JetStreamServer;
import jetstream.server.conf.AuthConfig;
import jetstream.server.conf.DoorsConfig;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.ServerConfigBuilder;
import jetstream.server.conf.SingleLogin;
import jetstream.server.conf.TlsConfig;
import jetstream.server.conf.UserConfig;
import jetstream.server.conf.option.ConfigException;
import jetstream.server.tls.TestKeys;
import jetstream.server.tls.TlsContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS at the client port with an unmodified client, and byte by byte where a client would not do that. */
@SuppressWarnings("try")
final class TlsTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration REFUSAL = Duration.ofSeconds(2);
    private static final long HANDSHAKE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final String PIN = "10fbbfa94233fbda120f74013455050ffca0dac630f549851f1cb74914cf938e";

    private static final TlsConfig.Handshake PATIENT =
            new TlsConfig.Handshake(TlsConfig.Start.AFTER_INFO, 0, HANDSHAKE_NS);

    private static TlsConfig tls(final TlsConfig.Clients clients, final TlsConfig.Handshake handshake) {
        return new TlsConfig(TestKeys.file("server.pem"), TestKeys.file("server-key.pem"),
                Optional.of(TestKeys.file("ca.pem")), clients, handshake, TlsConfig.Offer.DEFAULT);
    }

    private static ServerConfigBuilder config() {
        return ServerConfig.builder().host("127.0.0.1").port(-1);
    }

    private static JetStreamServer launch(final TlsConfig tls) {
        return JetStreamServer.launch(config().tls(tls).build());
    }

    private static Options.Builder options(final JetStreamServer server, final SSLContext context) {
        return new Options.Builder().server("tls://127.0.0.1:" + server.clientPort()).sslContext(context)
                .connectionTimeout(WAIT).noReconnect();
    }

    /** Clients wait as long as they may even if they were refused. */
    private static void assertRefused(final Options.Builder options) {
        assertThrows(IOException.class, () -> Nats.connect(options.connectionTimeout(REFUSAL).build()));
    }

    private static void assertWorks(final Options options) throws Exception {
        try (Connection connection = Nats.connect(options)) {
            final Subscription subscription = connection.subscribe("a");
            connection.publish("a", "secret".getBytes(StandardCharsets.UTF_8));
            assertEquals("secret", new String(subscription.nextMessage(WAIT).getData(), StandardCharsets.UTF_8));
            // More than one record, and larger than the output array.
            connection.publish("a", new byte[200_000]);
            assertEquals(200_000, subscription.nextMessage(WAIT).getData().length);
        }
    }

    private static TlsConfig starting(final TlsConfig.Start start, final Duration wait) {
        return tls(TlsConfig.Clients.UNCHECKED, new TlsConfig.Handshake(start, wait.toNanos(), HANDSHAKE_NS));
    }

    @Test
    void handshakeFollowsInfo() throws Exception {
        try (JetStreamServer server = launch(starting(TlsConfig.Start.AFTER_INFO, Duration.ZERO))) {
            assertWorks(options(server, TestKeys.trusting()).build());
        }
    }

    @Test
    void handshakeComesFirstWhereItMust() throws Exception {
        try (JetStreamServer server = launch(starting(TlsConfig.Start.FIRST, Duration.ZERO))) {
            assertWorks(options(server, TestKeys.trusting()).tlsFirst().build());
        }
    }

    @Test
    void clientThatBeginsIsNotSentInfoBefore() throws Exception {
        try (JetStreamServer server =
                launch(starting(TlsConfig.Start.FIRST_IF_CLIENT_BEGINS, Duration.ofMinutes(1)))) {
            assertWorks(options(server, TestKeys.trusting()).tlsFirst().build());
        }
    }

    @Test
    void clientThatWaitsIsSentInfo() throws Exception {
        try (JetStreamServer server =
                launch(starting(TlsConfig.Start.FIRST_IF_CLIENT_BEGINS, Duration.ofMillis(1)))) {
            assertWorks(options(server, TestKeys.trusting()).build());
        }
    }

    @Test
    void infoSaysThatTlsIsRequired() throws Exception {
        try (JetStreamServer server = launch(
                tls(new TlsConfig.Clients(true, false, Set.of()), PATIENT));
                RawClient raw = new RawClient(server.clientPort())) {
            assertTrue(raw.info().contains("\"tls_required\":true,\"tls_verify\":true"), raw.info());
        }
    }

    @Test
    void clientThatSpeaksInClearIsClosed() throws Exception {
        try (JetStreamServer server = launch(tls(TlsConfig.Clients.UNCHECKED, PATIENT));
                RawClient raw = new RawClient(server.clientPort())) {
            raw.send("CONNECT {}\r\nPING\r\n");
            assertFalse(raw.untilClosed().contains("PONG"));
        }
    }

    @Test
    void silentClientIsToldThatTlsIsRequired() throws Exception {
        final TlsConfig.Handshake quick =
                new TlsConfig.Handshake(TlsConfig.Start.AFTER_INFO, 0, TimeUnit.MILLISECONDS.toNanos(100));
        try (JetStreamServer server = launch(tls(TlsConfig.Clients.UNCHECKED, quick));
                RawClient raw = new RawClient(server.clientPort())) {
            assertEquals("-ERR 'Secure Connection - TLS Required'\r\n", raw.untilClosed());
        }
    }

    @Test
    void clientMayDoWithoutTlsWhereThatIsAllowed() throws Exception {
        final TlsConfig tls = tls(TlsConfig.Clients.UNCHECKED, PATIENT);
        try (JetStreamServer server = JetStreamServer.launch(
                config().doors(new DoorsConfig(Optional.of(tls), true, Optional.empty())).build());
                RawClient raw = new RawClient(server.clientPort())) {
            assertTrue(raw.info().contains("\"tls_available\":true"), raw.info());
            raw.connect("");
            assertWorks(options(server, TestKeys.trusting()).build());
        }
    }

    @Test
    void clientWithoutCertificateIsRefusedWhereOneIsAskedFor() throws Exception {
        try (JetStreamServer server = launch(
                tls(new TlsConfig.Clients(true, false, Set.of()), PATIENT))) {
            assertRefused(options(server, TestKeys.trusting()));
            assertWorks(options(server, TestKeys.alice()).build());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"alice@example.org", "alice.example.org", "CN=alice,OU=Unit,O=Test", "O=Test,OU=Unit,CN=alice"})
    void certificateNamesTheUser(final String name) throws Exception {
        final AuthConfig users = new AuthConfig(SingleLogin.NONE, List.of(new UserConfig(name, "")), HANDSHAKE_NS, "",
                Optional.empty());
        final TlsConfig tls = tls(new TlsConfig.Clients(true, true, Set.of()), PATIENT);
        try (JetStreamServer server = JetStreamServer.launch(config().auth(users).tls(tls).build())) {
            assertWorks(options(server, TestKeys.alice()).build());
        }
    }

    @Test
    void certificateOfNobodyIsRefused() throws Exception {
        final AuthConfig users = new AuthConfig(SingleLogin.NONE, List.of(new UserConfig("CN=bob", "")), HANDSHAKE_NS,
                "", Optional.empty());
        final TlsConfig tls = tls(new TlsConfig.Clients(true, true, Set.of()), PATIENT);
        try (JetStreamServer server = JetStreamServer.launch(config().auth(users).tls(tls).build())) {
            assertRefused(options(server, TestKeys.alice()).userInfo("CN=bob", ""));
        }
    }

    @Test
    void onlyPinnedKeysAreLetIn() throws Exception {
        try (JetStreamServer server = launch(
                tls(new TlsConfig.Clients(true, false, Set.of(PIN)), PATIENT))) {
            assertWorks(options(server, TestKeys.alice()).build());
        }
        try (JetStreamServer server = launch(
                tls(new TlsConfig.Clients(true, false, Set.of("0".repeat(64))), PATIENT))) {
            assertRefused(options(server, TestKeys.alice()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"server-key-pkcs1.pem", "server-key.pem"})
    void keysMayHaveSeveralForms(final String key) {
        TlsContext.load(new TlsConfig(TestKeys.file("server.pem"), TestKeys.file(key), Optional.empty(),
                TlsConfig.Clients.UNCHECKED, PATIENT, TlsConfig.Offer.DEFAULT));
    }

    @Test
    void keyOfAnEllipticCurveMayBeWrittenBySec1() {
        TlsContext.load(new TlsConfig(TestKeys.file("client.pem"), TestKeys.file("client-key-sec1.pem"),
                Optional.empty(), TlsConfig.Clients.UNCHECKED, PATIENT, TlsConfig.Offer.DEFAULT));
    }

    @Test
    void missingFileIsNamed() {
        final TlsConfig broken = new TlsConfig(TestKeys.file("server.pem"), Path.of("/nowhere/key.pem"),
                Optional.empty(), TlsConfig.Clients.UNCHECKED, PATIENT, TlsConfig.Offer.DEFAULT);
        final ConfigException thrown = assertThrows(ConfigException.class, () -> TlsContext.load(broken));
        assertEquals("tls: open /nowhere/key.pem: no such file or directory", thrown.getMessage());
    }

    @Test
    void fileWithoutKeyIsNamed() {
        final TlsConfig broken = new TlsConfig(TestKeys.file("server.pem"), TestKeys.file("ca.pem"),
                Optional.empty(), TlsConfig.Clients.UNCHECKED, PATIENT, TlsConfig.Offer.DEFAULT);
        final ConfigException thrown = assertThrows(ConfigException.class, () -> TlsContext.load(broken));
        assertTrue(thrown.getMessage().contains("there is no private key in"), thrown.getMessage());
    }
}

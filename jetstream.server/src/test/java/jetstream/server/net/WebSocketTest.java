package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import jetstream.server.JetStreamServer;
import jetstream.server.conf.AuthConfig;
import jetstream.server.conf.DoorsConfig;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.SingleLogin;
import jetstream.server.conf.TlsConfig;
import jetstream.server.conf.WebSocketConfig;
import jetstream.server.tls.TestKeys;
import org.junit.jupiter.api.Test;

/** WebSocket with an unmodified client, and with requests that must not be let in. */
@SuppressWarnings("try")
final class WebSocketTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int TIMEOUT_MS = 20_000;

    private static WebSocketConfig plain(final WebSocketConfig.Upgrade upgrade, final Optional<AuthConfig> auth) {
        return new WebSocketConfig(new HostPort("127.0.0.1", -1), "", Optional.empty(), upgrade, auth,
                new WebSocketConfig.Timing(0, 0));
    }

    private static WebSocketConfig.Upgrade upgrade(final boolean sameOrigin, final List<String> origins,
            final boolean compresses) {
        return new WebSocketConfig.Upgrade(sameOrigin, origins, new WebSocketConfig.Cookies("", "u", "p", ""),
                Map.of("X-Served-By", "us"), compresses);
    }

    private static JetStreamServer launch(final WebSocketConfig webSocket) {
        return JetStreamServer.launch(ServerConfig.builder().host("127.0.0.1").port(-1)
                .doors(new DoorsConfig(Optional.empty(), false, Optional.of(webSocket))).build());
    }

    private static JetStreamServer launch() {
        return launch(plain(upgrade(false, List.of(), false), Optional.empty()));
    }

    private static void assertWorks(final Options options, final JetStreamServer server) throws Exception {
        try (Connection webSocket = Nats.connect(options);
                Connection plain = Nats.connect("nats://127.0.0.1:" + server.clientPort())) {
            final Subscription subscription = webSocket.subscribe("a.>");
            webSocket.flush(WAIT);
            plain.publish("a.b", "hello".getBytes(StandardCharsets.UTF_8));
            assertEquals("hello", new String(subscription.nextMessage(WAIT).getData(), StandardCharsets.UTF_8));
            webSocket.publish("a.large", new byte[300_000]);
            assertEquals(300_000, subscription.nextMessage(WAIT).getData().length);
        }
    }

    private static Options.Builder options() {
        return new Options.Builder().connectionTimeout(WAIT);
    }

    private static String url(final String scheme, final JetStreamServer server) {
        return scheme + "://127.0.0.1:" + server.context().listener().webSocketPort();
    }

    @Test
    void clientIsServed() throws Exception {
        try (JetStreamServer server = launch()) {
            assertWorks(options().server(url("ws", server)).noReconnect().build(), server);
        }
    }

    @Test
    void clientIsServedOverTls() throws Exception {
        final TlsConfig tls = new TlsConfig(TestKeys.file("server.pem"), TestKeys.file("server-key.pem"),
                Optional.empty(), TlsConfig.Clients.UNCHECKED,
                new TlsConfig.Handshake(TlsConfig.Start.AFTER_INFO, 0, WAIT.toNanos()), TlsConfig.Offer.DEFAULT);
        final WebSocketConfig secure = new WebSocketConfig(new HostPort("127.0.0.1", -1), "", Optional.of(tls),
                upgrade(false, List.of(), false), Optional.empty(), new WebSocketConfig.Timing(0, 0));
        try (JetStreamServer server = launch(secure)) {
            assertWorks(options().server(url("wss", server)).sslContext(TestKeys.trusting()).noReconnect()
                    .build(), server);
        }
    }

    @Test
    void loginsOfTheListenerReplaceThoseOfTheServer() throws Exception {
        final AuthConfig own = new AuthConfig(new SingleLogin("web", "secret", ""), List.of(),
                AuthConfig.OPEN.timeoutNs(), "", Optional.empty());
        try (JetStreamServer server = launch(plain(upgrade(false, List.of(), false), Optional.of(own)))) {
            assertThrows(IOException.class, () -> Nats.connect(options().server(url("ws", server)).noReconnect()
                    .connectionTimeout(Duration.ofSeconds(2)).build()));
            assertWorks(options().server(url("ws", server)).userInfo("web", "secret").noReconnect().build(),
                    server);
        }
    }

    private static String head(final String... more) {
        return "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + String.join("", more) + "\r\n";
    }

    /** What is answered to a request, up to the first line of NATS or the end. */
    private static String ask(final JetStreamServer server, final String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.context().listener().webSocketPort())) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            final StringBuilder text = new StringBuilder();
            for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
                text.append((char) b);
                if (text.indexOf("INFO {") >= 0) {
                    break;
                }
            }
            return text.toString();
        }
    }

    @Test
    void upgradeIsAnsweredWithTheConfiguredHeaders() throws Exception {
        try (JetStreamServer server = launch()) {
            final String answer = ask(server, head());
            assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
            assertTrue(answer.toLowerCase(Locale.ROOT)
                    .contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), answer);
            assertTrue(answer.contains("X-Served-By: us"), answer);
            assertTrue(answer.endsWith("INFO {"), answer);
        }
    }

    @Test
    void requestThatAsksForNoUpgradeIsRefused() throws Exception {
        try (JetStreamServer server = launch()) {
            assertTrue(ask(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").startsWith("HTTP/1.1 400 "));
            assertTrue(ask(server, head().replace("GET", "POST")).startsWith("HTTP/1.1 405 "));
            assertTrue(ask(server, head().replace("Version: 13", "Version: 12")).startsWith("HTTP/1.1 400 "));
            assertTrue(ask(server, head().replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=")).startsWith("HTTP/1.1 400 "));
            assertTrue(ask(server, head().replace("GET /", "GET /mqtt")).startsWith("HTTP/1.1 404 "));
        }
    }

    @Test
    void onlyAllowedOriginsAreLetIn() throws Exception {
        try (JetStreamServer server =
                launch(plain(upgrade(false, List.of("https://good.example"), false), Optional.empty()))) {
            assertTrue(ask(server, head("Origin: https://good.example:443\r\n")).startsWith("HTTP/1.1 101 "));
            assertTrue(ask(server, head("Origin: https://evil.example\r\n")).startsWith("HTTP/1.1 403 "));
            assertTrue(ask(server, head()).startsWith("HTTP/1.1 101 "));
        }
    }

    @Test
    void sameOriginIsComparedWithTheHost() throws Exception {
        try (JetStreamServer server = launch(plain(upgrade(true, List.of(), false), Optional.empty()))) {
            assertTrue(ask(server, head("Origin: http://127.0.0.1\r\n")).startsWith("HTTP/1.1 101 "));
            assertTrue(ask(server, head("Origin: http://elsewhere\r\n")).startsWith("HTTP/1.1 403 "));
        }
    }

    @Test
    void compressionIsAgreedUponWhereItIsConfigured() throws Exception {
        final String offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
        try (JetStreamServer server = launch(plain(upgrade(false, List.of(), true), Optional.empty()));
                Socket socket = new Socket("127.0.0.1", server.context().listener().webSocketPort())) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(head(offer).getBytes(StandardCharsets.ISO_8859_1));
            final StringBuilder text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) socket.getInputStream().read());
            }
            assertTrue(text.toString().contains("permessage-deflate"), text.toString());
            final int firstByte = socket.getInputStream().read();
            assertEquals(0xc2, firstByte, "INFO is a final, compressed, binary frame");
        }
        try (JetStreamServer server = launch()) {
            assertTrue(!ask(server, head(offer)).contains("permessage-deflate"));
        }
    }

    @Test
    void unmaskedFrameEndsTheConnection() throws Exception {
        try (JetStreamServer server = launch();
                Socket socket = new Socket("127.0.0.1", server.context().listener().webSocketPort())) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(head().getBytes(StandardCharsets.ISO_8859_1));
            final StringBuilder text = new StringBuilder();
            while (text.indexOf("INFO {") < 0) {
                text.append((char) socket.getInputStream().read());
            }
            socket.getOutputStream().write(new byte[] {(byte) 0x82, 6, 'P', 'I', 'N', 'G', '\r', '\n'});
            final String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(!rest.contains("PONG"), rest);
        }
    }
}

package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.AuthHandler;
import io.nats.client.Connection;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import jetstream.server.JetStreamServer;
import jetstream.server.conf.option.ConfigException;
import jetstream.server.conf.option.ConfigFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users who sign instead of telling a password: nkeys, and JWTs in operator mode. */
@SuppressWarnings("try")
final class SignedLoginTest {
    private static final Duration WAIT = Duration.ofSeconds(20);

    @TempDir private Path directory;

    private NKey operator;
    private NKey account;
    private NKey user;

    @BeforeEach
    void makeKeys() throws Exception {
        operator = NKey.createOperator(null);
        account = NKey.createAccount(null);
        user = NKey.createUser(null);
    }

    private JetStreamServer launch(final String configuration) throws IOException {
        final Path file =
                Files.writeString(directory.resolve("server.conf"), "listen: \"127.0.0.1:-1\"\n"
                        + configuration.replaceFirst("^authorization \\{", "authorization { timeout: 20,")
                        + (configuration.startsWith("authorization") ? "" : "\nauthorization { timeout: 20 }\n"));
        return JetStreamServer.launch(ConfigFile.load(file).config());
    }

    private static Connection connect(final JetStreamServer server, final AuthHandler handler) throws Exception {
        return Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + server.clientPort())
                .authHandler(handler).connectionTimeout(WAIT).noReconnect().build());
    }

    /** Signs with one key and calls itself another, or not. */
    private record Signer(NKey signing, NKey shown, String jwt) implements AuthHandler {
        @Override
        public byte[] sign(final byte[] nonce) {
            try {
                return signing.sign(nonce);
            } catch (final IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public char[] getID() {
            try {
                return shown == null ? null : shown.getPublicKey();
            } catch (final IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public char[] getJWT() {
            return jwt == null ? null : jwt.toCharArray();
        }
    }

    private static String text(final NKey key) throws Exception {
        return new String(key.getPublicKey());
    }

    /** Version 2 of the format. */
    private static String jwt(final NKey issuer, final String subject, final String claims) throws Exception {
        final String head = encode("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}".getBytes(StandardCharsets.UTF_8));
        final String body =
                encode(("{\"jti\":\"x\",\"iat\":1700000000,\"iss\":\"" + text(issuer) + "\",\"sub\":\"" + subject
                        + "\",\"name\":\"n\"," + claims + "}").getBytes(StandardCharsets.UTF_8));
        final String signed = head + '.' + body;
        return signed + '.' + encode(issuer.sign(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String encode(final byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String operatorMode(final String accountClaims) throws Exception {
        return "trusted_keys: [ " + text(operator) + " ]\nresolver: MEMORY\nresolver_preload: { " + text(account)
                + ": \""
                + jwt(operator, text(account), "\"nats\":{" + accountClaims + "\"limits\":{\"conn\":-1,\"subs\":-1,"
                        + "\"payload\":-1},\"type\":\"account\",\"version\":2}")
                + "\" }\n";
    }

    private String userJwt(final NKey issuer, final String moreTop, final String more) throws Exception {
        return jwt(issuer, text(user), moreTop + "\"nats\":{" + more + "\"type\":\"user\",\"version\":2}");
    }

    private void assertWorks(final JetStreamServer server, final AuthHandler handler, final String subject)
            throws Exception {
        try (Connection connection = connect(server, handler)) {
            final Subscription subscription = connection.subscribe(subject);
            connection.publish(subject, new byte[1]);
            assertEquals(1, subscription.nextMessage(WAIT).getData().length);
        }
    }

    /** Byte by byte: client libraries wait for more after the refusal. */
    private static void assertRefused(final JetStreamServer server, final Signer signer) throws Exception {
        try (RawClient raw = new RawClient(server.clientPort())) {
            final String nonce = raw.info().replaceFirst(".*\"nonce\":\"([^\"]*)\".*", "$1");
            final String signature = encode(signer.sign(nonce.getBytes(StandardCharsets.US_ASCII)));
            final String who = signer.jwt() == null
                    ? "\"nkey\":\"" + new String(signer.getID()) + '"'
                    : "\"jwt\":\"" + signer.jwt() + '"';
            raw.send("CONNECT {\"verbose\":false," + who + ",\"sig\":\"" + signature + "\"}\r\nPING\r\n");
            assertEquals("-ERR 'Authorization Violation'\r\n", raw.untilClosed());
        }
    }

    @Test
    void nkeyUserLogsInWithItsSignature() throws Exception {
        try (JetStreamServer server =
                launch("authorization { users: [ { nkey: " + text(user) + ", permissions: { publish: ok } } ] }")) {
            assertWorks(server, new Signer(user, user, null), "ok");
            assertRefused(server, new Signer(NKey.createUser(null), user, null));
            final NKey stranger = NKey.createUser(null);
            assertRefused(server, new Signer(stranger, stranger, null));
        }
    }

    @Test
    void nkeyThatIsNoneIsRefusedByTheConfiguration() {
        final ConfigException thrown = assertThrows(ConfigException.class,
                () -> launch("authorization { users: [ { nkey: UABC } ] }"));
        assertTrue(thrown.getMessage().contains("Not a valid public nkey for a user: \"UABC\""), thrown.getMessage());
    }

    @Test
    void userOfAKnownAccountLogsIn() throws Exception {
        try (JetStreamServer server = launch(operatorMode(""))) {
            assertWorks(server, new Signer(user, null, userJwt(account, "", "")), "a");
            assertRefused(server, new Signer(NKey.createUser(null), null, userJwt(account, "", "")));
            assertRefused(server, new Signer(user, null, userJwt(NKey.createAccount(null), "", "")));
        }
    }

    @Test
    void signingKeyOfAnAccountMayIssueUsers() throws Exception {
        final NKey signer = NKey.createAccount(null);
        final String issued = userJwt(signer, "", "\"issuer_account\":\"" + text(account) + "\",");
        try (JetStreamServer server = launch(operatorMode("\"signing_keys\":[\"" + text(signer) + "\"],"))) {
            assertWorks(server, new Signer(user, null, issued), "a");
        }
        try (JetStreamServer server = launch(operatorMode(""))) {
            assertRefused(server, new Signer(user, null, issued));
        }
    }

    @Test
    void scopeOfASigningKeyFillsTheUsersPermissions() throws Exception {
        final NKey signer = NKey.createAccount(null);
        final String scope = "\"signing_keys\":[{\"kind\":\"user_scope\",\"key\":\"" + text(signer)
                + "\",\"template\":{\"pub\":{\"allow\":[\"users.{{name()}}.>\"]}}}],";
        try (JetStreamServer server = launch(operatorMode(scope))) {
            final Signer login = new Signer(user, null,
                    userJwt(signer, "", "\"issuer_account\":\"" + text(account) + "\","));
            assertWorks(server, login, "users.n.a");
            try (Connection connection = connect(server, login)) {
                final Subscription subscription = connection.subscribe("users.>");
                connection.publish("users.other.a", new byte[1]);
                connection.publish("users.n.b", new byte[2]);
                assertEquals(2, subscription.nextMessage(WAIT).getData().length);
            }
        }
    }

    @Test
    void bearerNeedNotSign() throws Exception {
        try (JetStreamServer server = launch(operatorMode(""))) {
            assertWorks(server, new Signer(NKey.createUser(null), null, userJwt(account, "", "\"bearer_token\":true,")),
                    "a");
        }
    }

    @Test
    void revokedUserIsRefused() throws Exception {
        try (JetStreamServer server =
                launch(operatorMode("\"revocations\":{\"" + text(user) + "\":1700000001},"))) {
            assertRefused(server, new Signer(user, null, userJwt(account, "", "")));
        }
    }

    @Test
    void userFromElsewhereIsRefused() throws Exception {
        try (JetStreamServer server = launch(operatorMode(""))) {
            assertWorks(server, new Signer(user, null, userJwt(account, "", "\"src\":[\"127.0.0.0/8\"],")), "a");
            assertRefused(server, new Signer(user, null, userJwt(account, "", "\"src\":[\"10.0.0.0/8\"],")));
        }
    }

    @Test
    void userOfAnotherKindOfConnectionIsRefused() throws Exception {
        try (JetStreamServer server = launch(operatorMode(""))) {
            assertRefused(server,
                    new Signer(user, null, userJwt(account, "", "\"allowed_connection_types\":[\"WEBSOCKET\"],")));
        }
    }

    @Test
    void expiredUserIsRefusedAndOneThatExpiresIsClosed() throws Exception {
        try (JetStreamServer server = launch(operatorMode(""))) {
            assertRefused(server, new Signer(user, null, userJwt(account, "\"exp\":1700000002,", "")));

            final long soonS = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) + 4;
            try (RawClient raw = new RawClient(server.clientPort())) {
                raw.connect(",\"jwt\":\"" + userJwt(account, "\"exp\":" + soonS + ',', "\"bearer_token\":true,") + '"');
                assertTrue(raw.untilClosed().endsWith("-ERR 'User Authentication Expired'\r\n"));
            }
        }
    }

    @Test
    void accountThatNoOperatorSignedIsRefusedByTheConfiguration() throws Exception {
        final NKey other = operator;
        operator = NKey.createOperator(null);
        final String foreign = operatorMode("").replace(text(operator), text(other));
        final ConfigException thrown = assertThrows(ConfigException.class, () -> launch(foreign));
        assertTrue(thrown.getMessage().contains("no trusted operator has signed the JWT"), thrown.getMessage());
    }

    @Test
    void operatorsNeedAResolverAndNoUsers() throws Exception {
        final String keys = "trusted_keys: [ " + text(operator) + " ]\n";
        assertTrue(assertThrows(ConfigException.class, () -> launch(keys)).getMessage()
                .contains("requires an account resolver"));
        assertTrue(assertThrows(ConfigException.class,
                () -> launch(keys + "resolver: MEMORY\naccounts { A { users: [ { user: a, password: b } ] } }"))
                .getMessage().contains("can not be combined with accounts"));
        assertTrue(assertThrows(ConfigException.class, () -> launch(keys + "resolver: \"URL(http://x)\"")).getMessage()
                .contains("no account resolver but MEMORY"));
    }
}

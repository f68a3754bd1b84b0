package jetstream.server.conf.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jetstream.server.conf.AccountConfig;
import jetstream.server.conf.HostPort;
import jetstream.server.conf.PermissionsConfig;
import jetstream.server.conf.ResponsePermission;
import jetstream.server.conf.RouteUrl;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.SubjectRule;
import jetstream.server.conf.UserConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigFileTest {

    @TempDir Path directory;

    private ServerConfig config(final String text) {
        return file(text).config();
    }

    private ConfigFile file(final String text) {
        try {
            return ConfigFile.load(Files.writeString(directory.resolve("x.conf"), text));
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private String error(final String text) {
        return assertThrows(ConfigException.class, () -> file(text))
                .getMessage()
                .replace(directory + "/", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n1-c1", "n2-c1", "n3-c1"})
    void bothFormsOfASeedGiveEqualSettings(final String name) {
        final ServerConfig block = seed(name + ".conf");
        final ServerConfig line = seed(name + ".oneline.conf");
        assertEquals(name, block.serverName());
        assertEquals(block.identity(), line.identity());
        assertEquals(block.client(), line.client());
        assertEquals(block.security(), line.security());
        assertEquals(block.jetStream(), line.jetStream());
        assertEquals(block.cluster(), line.cluster());
        assertEquals(block.tree(), line.tree());
        assertEquals(block.operations().source().digest(), line.operations().source().digest());
    }

    private static ServerConfig seed(final String name) {
        return ConfigFile.loadStrictly(Path.of("src/test/resources/seeds", name)).config();
    }

    @Test
    void seedIsReadWhole() {
        final ServerConfig config = seed("n1-c1.oneline.conf");
        assertEquals(4222, config.port());
        final AccountConfig system = config.accounts().getFirst();
        assertEquals("$SYS", system.name());
        assertEquals("admin", system.users().getFirst().name());
        assertTrue(system.users().getFirst().password().startsWith("$2a$11$"));
        assertTrue(config.jetStream().enabled());
        assertEquals(Path.of("/nats/storage"), config.jetStream().storage().storeDir());
        assertEquals("C1", config.cluster().name());
        assertEquals(6222, config.cluster().listen().orElseThrow().port());
        assertEquals(
                List.of(new RouteUrl("host_b", 6222), new RouteUrl("host_c", 6222)), config.cluster().routes());
        StartChecks.check(config);
    }

    @Test
    void defaultsOfTheTableAreThoseOfTheRecords() {
        final ServerConfig bare = config("server_name: x");
        final ServerConfig written = config("server_name: x\n" + tableDefaults());
        assertEquals(bare.client(), written.client());
        assertEquals(bare.monitor(), written.monitor());
        assertEquals(bare.log(), written.log());
        assertEquals(bare.security(), written.security());
    }

    private static String tableDefaults() {
        final StringBuilder text = new StringBuilder();
        for (final Option option : OptionRegistry.rows("").byKey().values()) {
            if (option.status() != Option.Status.REFUSED && !option.fallback().isEmpty()) {
                final boolean isText = option.kind() == Option.Kind.TEXT || option.kind() == Option.Kind.DURATION;
                final String quote = isText ? "'" : "";
                text.append(option.key()).append(": ").append(quote + option.fallback() + quote).append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void everyRowOfTheTableCanBeRead() {
        for (final String block : OptionRegistry.blocks()) {
            for (final Option option : OptionRegistry.rows(block).byKey().values()) {
                assertFalse(option.sentence().isEmpty(), block + " " + option.key());
                assertTrue(option.key().matches("[a-z_]+"), option.key());
            }
        }
    }

    @Test
    void unknownKeysAreErrorsAtEveryLevel() {
        assertEquals(
                "x.conf:3:2: unknown field \"frob\"\nx.conf:5:2: unknown field \"bar\"",
                sorted(error("cluster {\n port: 6222\n frob: 1\n}\n bar=2\n")));
        assertEquals("x.conf:1:0: unknown field \"a{\"", error("a{ b=1"));
        assertEquals(
                "x.conf:1:24: Unknown field \"x\" parsing account limits", error("accounts { A { limits { x: 1 } } }"));
        assertEquals(
                "x.conf:1:49: unknown field \"zip\"",
                error("authorization { users = [ {user: a, password: b, zip: 2}]}"));
        assertEquals("x.conf:1:12: unknown field \"foo\"", error("jetstream { foo: 1 }\n"));
    }

    private static String sorted(final String lines) {
        return String.join("\n", lines.lines().sorted().toList());
    }

    @Test
    void keysThatServeAsVariablesMayHaveAnyName() {
        assertEquals(5000, config("my_port: 5000\nport: $my_port").port());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            https: 8443                            | is not supported by this server: it has no TLS for monitoring yet
            leafnodes { port: 7422 }               | field "leafnodes" is not supported
            gateway { name: x }                    | field "gateway" is not supported
            mqtt { port: 1883 }                    | field "mqtt" is not supported
            mappings { a: b }                      | field "mappings" is not supported
            https_port: 8443                       | field "https_port" is not supported
            accounts { A { exports [ {stream: a} ] } } | field "exports" is not supported
            cluster { port: 1, compression: s2_fast }  | field "compression" is not supported
            jetstream { tpm { pcr: 22 } }          | field "tpm" is not supported
            """)
    void keysOfTheReferenceThatAreNotSupportedAreRefusedByName(final String text, final String message) {
        assertTrue(error(text).contains(message), error(text));
    }

    @Test
    void unsupportedFeaturesMayBeSwitchedOff() {
        config("syslog: false\nhttps_port: 0\nproxy_protocol: off\ncluster { port: 6222, compression: off }");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            tls { cert_file: x }          | missing 'key_file' in TLS configuration
            tls { cert_file: x, key_file: y, min_version: "1.1" } | min_version "1.1" must be 1.2 or 1.3
            tls { cert_file: x, key_file: y, cipher_suites: [NONE] } | unrecognized cipher "NONE"
            tls { cert_file: x, key_file: y, pinned_certs: [ab] } | error parsing 'pinned_certs' key "ab"
            tls { cert_file: x, key_file: y, handshake_first: soon } | error parsing handshake_first
            websocket { port: 80 }        | websocket requires TLS configuration, or no_tls: true
            websocket { port: 80, no_tls: true, allowed_origins: ["x y"] } | unable to parse allowed origin "x y"
            websocket { port: 80, no_tls: true, headers { Upgrade: x } } | invalid header "Upgrade" not allowed
            operator: /nowhere/x.jwt      | error parsing operator JWT
            resolver_preload { a: b }     | resolver_preload is of use only with operators
            authorization { users [ {nkey: UABC} ] } | Not a valid public nkey for a user: "UABC"
            max_payload: abc              | "max_payload" must be a size such as 65536 or 64MB, not a string
            port: "4222"                  | "port" must be a whole number, not a string
            server_name: 123              | "server_name" must be a string, not an integer
            debug: "true"                 | "debug" must be true or false, not a string
            listen: 4222x                 | could not parse address string "4222x"
            listen: foo                   | could not parse address string "foo"
            listen: "a:99999"             | port of "a:99999" is not between -1 and 65535
            server_name: "a b"            | server_name can not contain spaces
            cluster { name: "a b" }       | cluster name can not contain spaces
            cluster { port: 1, routes: ["http://x:1"] } | error parsing route url "http://x:1"
            ping_interval: "2x"           | error parsing ping_interval
            write_timeout: soon           | write_timeout must be one of default, close, retry
            max_subscription_tokens: 300  | between 0 and 255
            accounts { "$G" {} }          | "$G" is a Reserved Account
            accounts [A, A]               | account "A" is configured twice
            accounts: 1                   | accounts must be a map or an array of names
            authorization { user: a, pass: b, token: c }  | a token can not be combined
            authorization { user: a, pass: b, users: [] } | a user table can not be combined
            authorization { users: [ {pass: b} ] }        | has no user
            authorization { users: [ {user: a}, {user: a} ] } | user "a" is configured twice
            authorization { users: [1, 2] }               | "users" must hold maps, not an integer
            authorization { users: [{user: a, connection_types: [PIGEON]}] } | unknown connection type "PIGEON"
            authorization { default_permissions { publish: "a b" } } | "a b" is not a valid subject
            authorization { default_permissions { subscribe: "a..b" } } | "a..b" is not a valid subject
            jetstream { sync_interval: soon }             | sync_interval must be "always" or a duration
            jetstream: sure                               | jetstream must be enabled or disabled
            store_dir: a~jetstream { store_dir: b }       | store_dir is configured twice
            jetstream { transport { nope: 1 } }           | unknown field "nope"
            jetstream { transport { nope { a: 1 } } }     | unknown field "nope"
            jetstream { transport { aeron { nope: 1 } } } | unknown field "nope"
            jetstream { store { file { segment_size: 1 } } } | unknown field "segment_size"
            jetstream { raft { nope: 1 } }                | unknown field "nope"
            """)
    void wrongValuesAreErrorsWithTheirPlace(final String text, final String message) {
        final String error = error(text.replace('~', '\n'));
        assertTrue(error.contains(message), error);
        assertTrue(error.matches("(?s)x.conf:\\d+:\\d+: .*"), error);
    }

    @Test
    void settingsOfPlugInsLieOverTheirReferences() {
        final Config tree = file("""
                jetstream {
                  transport { aeron { term_length { data: 1m }, liveness_timeout: 3s } }
                  raft { heartbeat_interval: 20ms }
                  store { name: mine, mine { a { b: 1 } }, file { segment_length: 1048576 } }
                }
                """).config().tree();
        assertEquals("3s", tree.getString("jetstream.transport.aeron.liveness_timeout"));
        assertEquals("4m", tree.getString("jetstream.transport.aeron.socket_buffer"), "the plug-in's own default");
        assertEquals("20ms", tree.getString("jetstream.raft.heartbeat_interval"));
        assertEquals(1 << 20, tree.getInt("jetstream.store.file.segment_length"));
        assertEquals(1, tree.getInt("jetstream.store.mine.a.b"), "a stranger's plug-in without a reference");
    }

    @Test
    void integersForDurationsAreWarnings() {
        final ConfigFile file = file("ping_interval: 3");
        assertEquals(TimeUnit.SECONDS.toNanos(3), file.config().timing().pingIntervalNs());
        assertTrue(file.warnings().getFirst().endsWith(
                "x.conf:1:0: invalid use of field \"ping_interval\": ping_interval should be converted to a duration"));
        assertThrows(ConfigException.class, () -> ConfigFile.loadStrictly(directory.resolve("x.conf")));
    }

    @Test
    void emptyFileIsAWarning() {
        assertTrue(file("# nothing\n").warnings().getFirst().endsWith("x.conf: config has no values or is empty"));
    }

    @Test
    void missingFileIsAnError() {
        final ConfigException error =
                assertThrows(ConfigException.class, () -> ConfigFile.load(Path.of("nope.conf")));
        assertEquals("open nope.conf: no such file or directory", error.getMessage());
    }

    @Test
    void permissionsTakeAllTheirShapes() {
        final ServerConfig config = config("""
                authorization {
                  timeout: 0.5
                  users = [
                    { user: a, pass: p, permissions { pub: "x.>", sub: { allow: ["q work", r], deny: r.secret }
                        allow_responses: { max: 5, ttl: "1m" } } }
                    { user: b, permissions { allow_responses: true }, connection_types: [standard] }
                    { user: c, permissions { publish: [] } }
                  ]
                  default_permissions { publish { deny: "z" } }
                }
                """);
        assertEquals(TimeUnit.MILLISECONDS.toNanos(500), config.auth().timeoutNs());
        final List<UserConfig> users = config.auth().users();
        final PermissionsConfig a = users.get(0).permissions().orElseThrow();
        assertEquals(Optional.of(List.of(new SubjectRule("x.>"))), a.publish().allow());
        assertEquals(
                Optional.of(List.of(new SubjectRule("q", "work"), new SubjectRule("r"))), a.subscribe().allow());
        assertEquals(List.of(new SubjectRule("r.secret")), a.subscribe().deny());
        assertEquals(Optional.of(new ResponsePermission(5, TimeUnit.MINUTES.toNanos(1))), a.responses());
        assertEquals(
                Optional.of(List.of()), users.get(1).permissions().orElseThrow().publish().allow());
        assertEquals(Set.of("STANDARD"), users.get(1).allowedConnectionTypes());
        assertEquals(
                Optional.of(List.of()), users.get(2).permissions().orElseThrow().publish().allow());
        assertTrue(config.auth().defaultPermissions().orElseThrow().publish().allow().isEmpty());
    }

    @Test
    void keysOfEncryptionAtRestReachTheTreeByTheirFirstNames() {
        final Config tree = config("jetstream { ek: new, prev_key: old, cipher: aes }").tree();

        assertEquals("new", tree.getString("jetstream.encryption_key"));
        assertEquals("old", tree.getString("jetstream.prev_encryption_key"));
        assertEquals("aes", tree.getString("jetstream.cipher"));
    }

    @Test
    void jetStreamTakesAllItsShapes() {
        assertTrue(config("jetstream: true").jetStream().enabled());
        assertTrue(config("jetstream: enabled").jetStream().enabled());
        assertFalse(config("jetstream: disabled").jetStream().enabled());
        assertTrue(config("jetstream {}").jetStream().enabled());
        assertFalse(config("jetstream { enabled: false }").jetStream().enabled());
        assertEquals(Path.of("d"), config("store_dir: d\njetstream: true").jetStream().storage().storeDir());
        assertEquals(Path.of("/d"), config("jetstream { store: \"/d\" }").jetStream().storage().storeDir());
        final ServerConfig config = config(
                "jetstream { max_mem: 1G, max_file: '10G', sync: '2m', domain: D, limits { duplicate_window: '1m' } }");
        assertEquals(1_000_000_000L, config.jetStream().storage().maxMemoryBytes());
        assertEquals(10L << 30, config.jetStream().storage().maxFileBytes());
        assertEquals(TimeUnit.MINUTES.toNanos(2), config.jetStream().storage().syncIntervalNs());
        assertEquals("D", config.jetStream().domain());
        assertEquals(TimeUnit.MINUTES.toNanos(1), config.jetStream().limits().duplicateWindowNs());
        assertTrue(config("jetstream { sync: always }").jetStream().storage().syncAlways());
    }

    @Test
    void storeIsAPlugInOrADirectory() {
        assertEquals("mapdb", config("jetstream { store: mapdb }").jetStream().storage().store());
        assertEquals("own", config("jetstream { store: { name: own } }").jetStream().storage().store());
        final ServerConfig config = config("jetstream { store: mapdb }");
        assertEquals("mapdb", config.tree().getString("jetstream.store.name"));
        assertEquals("aeron", config.tree().getString("jetstream.transport.name"));
        assertTrue(config.tree().getValue("jetstream.store.name").origin().description().endsWith("x.conf:1:12"));
    }

    @Test
    void accountsTakeAllTheirShapes() {
        final ServerConfig config = config("""
                accounts {
                  A { jetstream: enabled, users: [{user: a, password: p}], limits { max_conn: 5 } }
                  B { jetstream { max_mem: 1MB, max_streams: 3, max_bytes: true } }
                  C {}
                }
                no_auth_user: a
                """);
        StartChecks.check(config);
        assertTrue(config.accounts().get(0).jetStream().enabled());
        assertEquals(5, config.accounts().get(0).limits().maxConnections());
        assertEquals(1 << 20, config.accounts().get(1).jetStream().maxMemoryBytes());
        assertTrue(config.accounts().get(1).jetStream().streams().maxBytesRequired());
        assertFalse(config.accounts().get(2).jetStream().enabled());
        assertEquals(2, config("accounts [X, Y]").accounts().size());
    }

    @Test
    void listenAndHttpTakeAPortOrAnAddress() {
        assertEquals(4444, config("listen: 4444").port());
        assertEquals("127.0.0.1", config("listen: 127.0.0.1:-1").host());
        assertEquals(-1, config("listen: 127.0.0.1:-1").port());
        assertEquals(8222, config("http: 8222").monitor().port());
        assertEquals("localhost", config("http: \"localhost:8222\"").monitor().host());
        assertEquals("127.0.0.1", config("host: 127.0.0.1\nmonitor_port: 8222").monitor().host());
        assertEquals(new HostPort("::1", 1), HostPort.parse("[::1]:1", 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max_payload: 2MB~max_pending: 1MB                  | max_payload
            lame_duck_duration: 5s~lame_duck_grace_period: 5s  | lame_duck_grace_period must be shorter
            no_auth_user: nobody                               | no_auth_user "nobody" is no user
            cluster { routes: ["nats://x:1"] }                 | solicited routes require cluster capabilities
            accounts { $SYS { jetstream: true } }              | JetStream can not be enabled for the system account
            """)
    void impossibleCombinationsAreRefusedAtStartOnly(final String text, final String message) {
        final ServerConfig config = config(text.replace('~', '\n'));
        final ConfigException error = assertThrows(ConfigException.class, () -> StartChecks.check(config));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}

package jetstream.server.conf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jetstream.server.conf.RouteUrl;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.SingleLogin;
import jetstream.server.conf.TlsConfig;
import jetstream.server.conf.option.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {

    private static ServerConfig settings(final String... arguments) {
        return CommandLine.parse(arguments).over(ServerConfig.defaults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-p 4444", "--port 4444", "-port=4444", "--p=4444", "-p 1 -p 4444"})
    void oneAndTwoDashesAndBothFormsAreTheSame(final String arguments) {
        assertEquals(4444, settings(arguments.split(" ")).port());
    }

    @Test
    void everyFlagReachesItsSetting() {
        final ServerConfig config = settings(
                "-a", "127.0.0.1", "-n", "n1", "-js", "-sd", "/d", "-m", "-1", "-P", "/pid", "--ports_file_dir",
                "/ports", "-l", "/log", "-T=false", "--log_size_limit", "1000", "--max_traced_msg_len", "64",
                "--client_advertise", "x:1", "--user", "u", "--pass", "p", "--cluster_name", "C", "--cluster",
                "nats://a:b@10.0.0.1:6222", "--routes", "nats://h1:1, nats-route://h_2:2", "--no_advertise",
                "--connect_retries", "5",
                "--cluster_advertise", "y:2");
        assertEquals("127.0.0.1", config.host());
        assertEquals("n1", config.serverName());
        assertTrue(config.jetStream().enabled());
        assertEquals(Path.of("/d"), config.jetStream().storage().storeDir());
        assertEquals(-1, config.monitor().port());
        assertEquals("127.0.0.1", config.monitor().host());
        assertEquals(Optional.of(Path.of("/pid")), config.operations().files().pidFile());
        assertEquals(Optional.of(Path.of("/ports")), config.operations().files().portsFileDir());
        assertEquals(Optional.of(Path.of("/log")), config.log().file());
        assertFalse(config.log().time());
        assertEquals(1000, config.log().rotation().sizeLimitBytes());
        assertEquals(64, config.log().maxTracedMsgBytes());
        assertEquals("x:1", config.client().advertise());
        assertEquals(new SingleLogin("u", "p", ""), config.auth().login());
        assertEquals("C", config.cluster().name());
        assertEquals("10.0.0.1", config.cluster().listen().orElseThrow().host());
        assertTrue(config.cluster().listen().orElseThrow().noAdvertise());
        assertEquals("y:2", config.cluster().listen().orElseThrow().advertise());
        assertEquals("a", config.cluster().login().user());
        assertEquals(List.of(new RouteUrl("h1", 1), new RouteUrl("h_2", 2)), config.cluster().routes());
        assertEquals(5, config.cluster().dialing().connectRetries());
        assertEquals("t", settings("--auth", "t").auth().login().token());
    }

    @ParameterizedTest
    @CsvSource({
        "-D, true, false, false", "-V, false, true, false", "-VV, false, true, true", "-DV, true, true, false",
        "-DVV, true, true, true"
    })
    void logFlagsSetTheirLevels(final String flag, final boolean debug, final boolean trace, final boolean verbose) {
        final ServerConfig config = settings(flag);
        assertEquals(debug, config.log().levels().debug());
        assertEquals(trace, config.log().levels().trace());
        assertEquals(verbose, config.log().levels().traceVerbose());
    }

    @Test
    void flagsWinOverTheFileAndLeaveTheRest() {
        final ServerConfig file =
                ServerConfig.builder().port(1).serverName("x").cluster("C", "h", 6222, List.of()).build();
        final ServerConfig config = CommandLine.parse("-p", "2").over(file);
        assertEquals(2, config.port());
        assertEquals("x", config.serverName());
        assertEquals(file.cluster(), config.cluster());
        assertFalse(CommandLine.parse("--cluster", "").over(file).cluster().enabled());
        assertEquals(file, CommandLine.parse().over(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -nope       | flag provided but not defined: -nope
            --nope=1    | flag provided but not defined: -nope
            -p abc      | invalid value "abc" for flag -p: parse error
            -p 99999999999 | invalid value "99999999999" for flag -p: value out of range
            -p          | flag needs an argument: -p
            -js=maybe   | invalid boolean value "maybe" for -js: parse error
            ---p        | bad flag syntax: ---p
            """)
    void badUsageIsToldInTheReferencesWords(final String arguments, final String message) {
        final UsageException error =
                assertThrows(UsageException.class, () -> CommandLine.parse(arguments.strip().split(" ")));
        assertEquals(message, error.getMessage());
    }

    @Test
    void portZeroIsTheDefault() {
        assertEquals(4222, CommandLine.parse("-p", "0").over(ServerConfig.defaults()).port());
        assertEquals(-1, CommandLine.parse("-p", "-1").over(ServerConfig.defaults()).port());
    }

    @Test
    void tlsFlagsNeedCertificateAndKey() {
        assertEquals("TLS Server certificate must be present and valid: use --tlscert",
                assertThrows(ConfigException.class, () -> CommandLine.parse("--tls").over(ServerConfig.defaults()))
                        .getMessage());
        assertEquals("TLS Server private key must be present and valid: use --tlskey",
                assertThrows(ConfigException.class,
                        () -> CommandLine.parse("--tlscert", "c.pem").over(ServerConfig.defaults())).getMessage());
        final TlsConfig tls = CommandLine.parse("--tlsverify", "--tlscert", "c.pem", "--tlskey", "k.pem", "--tlscacert",
                "a.pem").over(ServerConfig.defaults()).doors().tls().orElseThrow();
        assertEquals(new TlsConfig(Path.of("c.pem"), Path.of("k.pem"), Optional.of(Path.of("a.pem")),
                new TlsConfig.Clients(true, false, Set.of()), TlsConfig.Handshake.DEFAULT, TlsConfig.Offer.DEFAULT),
                tls);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            foo             | unrecognized command: "foo"
            -p 1 foo        | unrecognized command: "foo"
            --https_port 1  | flag -https_port is not supported by this server: it has no TLS for monitoring yet
            -s              | flag -s is not supported by this server: it has no syslog yet
            --profile 65432 | flag -profile is not supported by this server: it has no profiling port yet
            """)
    void unsupportedFlagsAndUnknownWordsAreRefused(final String arguments, final String message) {
        final ConfigException error =
                assertThrows(ConfigException.class, () -> CommandLine.parse(arguments.strip().split(" ")));
        assertEquals(message, error.getMessage());
    }

    @Test
    void wordsHelpAndVersionActAsFlags() {
        assertTrue(CommandLine.parse("help").isHelp());
        assertTrue(CommandLine.parse("-h").isHelp());
        assertTrue(CommandLine.parse("version").isVersion());
        assertTrue(CommandLine.parse("--version").isVersion());
    }

    @Test
    void usageStartsLikeTheReferencesAndNamesEveryFlag() {
        assertTrue(CommandLine.usage().startsWith("\nUsage: nats-server [options]\n"));
        assertTrue(CommandLine.usage().contains("-p, --port <port>"));
        assertTrue(CommandLine.usage().contains("-js, --jetstream"));
    }

    @Test
    void secretsAreRedacted() {
        assertEquals(
                List.of("-p", "1", "--user", "[REDACTED]", "--pass=[REDACTED]", "--routes", "[REDACTED]"),
                CommandLine.redacted("-p", "1", "--user", "u", "--pass=x", "--routes", "nats://u:p@h:1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            foo             | unknown signal "foo"
            quit=abc        | invalid pid: abc
            reload=99999999 | ~signal "reload" 99999999: no such process
            """)
    void signalsThatCanNotBeSentAreErrors(final String argument, final String message) {
        final ConfigException error = assertThrows(ConfigException.class, () -> SignalCommand.send(argument.strip()));
        assertEquals(message.replace('~', '\n'), error.getMessage());
    }
}

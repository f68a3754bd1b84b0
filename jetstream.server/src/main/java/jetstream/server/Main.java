package jetstream.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.WebSocketConfig;
import jetstream.server.conf.cli.CommandLine;
import jetstream.server.conf.cli.SignalCommand;
import jetstream.server.conf.cli.UsageException;
import jetstream.server.conf.option.ConfigException;
import jetstream.server.conf.option.ConfigFile;
import jetstream.server.conf.option.StartChecks;
import jetstream.server.launch.LaunchLines;
import jetstream.server.tls.TlsContext;

/** The server process: flags in, exit code out. */
public final class Main {

    private static final String PREFIX = "nats-server: ";

    private final PrintStream out;
    private final PrintStream err;
    private final ServerLauncher launcher;

    Main(final PrintStream out, final PrintStream err, final ServerLauncher launcher) {
        this.out = out;
        this.err = err;
        this.launcher = launcher;
    }

    /** Runs until the server has stopped; ends the JVM with the reference's exit code. */
    public static void main(final String... arguments) {
        final Main main = new Main(stream(FileDescriptor.out), stream(FileDescriptor.err), new ProcessLauncher());
        // A bug on this thread must not leave a process behind that other threads keep alive but that serves nobody.
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace(main.err);
            Runtime.getRuntime().halt(1);
        });
        System.exit(main.run(arguments));
    }

    private static PrintStream stream(final FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    int run(final String... arguments) {
        try {
            return run(CommandLine.parse(arguments));
        } catch (final UsageException e) {
            // As the reference has it: the complaint on stderr, the usage on stdout, and success.
            err.println(e.getMessage());
            out.print(CommandLine.usage());
            return 0;
        } catch (final ConfigException e) {
            // A message that starts with a new line has no prefix (a signal that could not be sent).
            err.println(e.getMessage().startsWith("\n") ? e.getMessage() : PREFIX + e.getMessage());
            return 1;
        } catch (final UncheckedIOException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private int run(final CommandLine line) {
        if (line.isHelp()) {
            out.print(CommandLine.usage());
        } else if (line.isVersion()) {
            out.println(PREFIX + "v" + LaunchLines.VERSION);
        } else if (line.isTlsHelp()) {
            out.println(
                    "TLS: --tls with --tlscert and --tlskey; --tlsverify with --tlscacert; or a tls block");
        } else if (line.isTest()) {
            check(line);
        } else if (line.signal().isPresent()) {
            SignalCommand.send(line.signal().get());
        } else {
            final ServerConfig config = settings(line);
            launcher.prepare(config);
            return new ServerProcess(line, config, launcher).run();
        }
        return 0;
    }

    private void check(final CommandLine line) {
        final Path file = line.configFile().orElseThrow(() -> new ConfigException(
                "must specify [-c, --config] option to check configuration file syntax"));
        final ServerConfig config = ConfigFile.loadStrictly(file).config();
        config.doors().tls().ifPresent(TlsContext::load);
        config.doors().webSocket().flatMap(WebSocketConfig::tls).ifPresent(TlsContext::load);
        err.println(PREFIX + "configuration file " + file + " is valid ("
                + config.operations().source().digest() + ")");
    }

    private ServerConfig settings(final CommandLine line) {
        if (line.configFile().isEmpty()) {
            return checked(line.over(ConfigFile.none()));
        }
        final ConfigFile file = ConfigFile.load(line.configFile().get());
        if (!file.warnings().isEmpty()) {
            err.println(PREFIX + String.join("\n", file.warnings()));
        }
        return checked(line.over(file.config()));
    }

    private static ServerConfig checked(final ServerConfig config) {
        StartChecks.check(config);
        return config;
    }
}

package jetstream.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.cli.CommandLine;
import jetstream.server.conf.cli.SignalCommand;
import jetstream.server.conf.option.ConfigException;
import jetstream.server.conf.option.ConfigFile;
import jetstream.server.launch.LaunchException;
import jetstream.server.launch.LaunchLines;
import jetstream.server.log.ServerLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a server in its own process: log, pid file, the server itself, ports file, signals, end.
 *
 * <p>Runs on the main thread; signals arrive on threads of the JVM and only use what is safe there.
 */
final class ServerProcess {

    private final CommandLine flags;
    private final ServerConfig config;
    private final ServerLauncher launcher;
    private final AtomicReference<RunningServer> server = new AtomicReference<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile boolean isStopping;
    private volatile boolean isLameDuck;

    ServerProcess(final CommandLine flags, final ServerConfig config, final ServerLauncher launcher) {
        this.flags = flags;
        this.config = config;
        this.launcher = launcher;
    }

    /** Runs the server until it has stopped; gives the exit code. */
    int run() {
        ServerLog.open(config.log());
        final Logger log = LoggerFactory.getLogger(ServerProcess.class);
        nameProcess();
        final LaunchFiles files = new LaunchFiles(config);
        try {
            handleSignals(log);
            files.writePid();
            server.set(launcher.launch(config));
            files.writePorts(server.get());
        } catch (final IOException | RuntimeException e) {
            log.error(ServerLog.fatal(), e.getMessage(), isExpected(e) ? null : e);
            return 1;
        } finally {
            started.countDown();
        }
        return awaitEnd(log, files);
    }

    private static boolean isExpected(final Exception e) {
        // What the user can put right needs no stack trace.
        return e instanceof IOException || e instanceof ConfigException || e instanceof LaunchException;
    }

    private int awaitEnd(final Logger log, final LaunchFiles files) {
        try {
            server.get().awaitShutdown();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            server.get().close();
        }
        files.removePorts();
        if (!isStopping && !isLameDuck) {
            log.error(ServerLog.fatal(), "the server has stopped by itself; the reason stands above");
            return 1;
        }
        log.info(LaunchLines.EXITING);
        return 0;
    }

    /** On Linux, gives the process the name that scripts look for: {@code pgrep nats-server} finds it. */
    private static void nameProcess() {
        final Path name = Path.of("/proc/self/comm");
        if (Files.isWritable(name)) {
            try {
                Files.writeString(name, SignalCommand.PROCESS_NAME);
            } catch (final IOException e) {
                LoggerFactory.getLogger(ServerProcess.class).debug("process keeps its name: {}", e.getMessage());
            }
        }
    }

    private void handleSignals(final Logger log) {
        ProcessSignals.handle("INT", () -> stop(log, "interrupt"));
        ProcessSignals.handle("TERM", () -> stop(log, "terminated"));
        ProcessSignals.handle("HUP", () -> reload(log));
        ProcessSignals.handle("USR1", () -> reopen(log));
        ProcessSignals.handle("USR2", () -> lameDuck(log));
    }

    private void stop(final Logger log, final String name) {
        log.info(String.format(LaunchLines.TRAPPED, name));
        // In lame duck mode the server is on its way out and has promised its clients the time for it.
        if (isStopping || isLameDuck && "terminated".equals(name)) {
            return;
        }
        isStopping = true;
        awaitStart();
        Optional.ofNullable(server.get()).ifPresent(running -> {
            log.info(LaunchLines.SHUTDOWN);
            running.close();
        });
    }

    private void awaitStart() {
        try {
            started.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload(final Logger log) {
        log.info(String.format(LaunchLines.TRAPPED, "hangup"));
        if (flags.configFile().isEmpty()) {
            log.error(String.format(LaunchLines.RELOAD_FAILED, LaunchLines.RELOAD_WITHOUT_FILE));
            return;
        }
        try {
            final ServerConfig fresh = flags.over(ConfigFile.load(flags.configFile().get()).config());
            final Optional<String> fixed = ReloadCheck.firstFixedChange(config, fresh);
            if (fixed.isPresent()) {
                log.error(String.format(LaunchLines.RELOAD_FAILED, fixed.get()));
                return;
            }
            ServerLog.change(fresh.log());
            log.info(String.format(LaunchLines.RELOADED, fresh.operations().source().digest()));
        } catch (final ConfigException e) {
            log.error(String.format(LaunchLines.RELOAD_FAILED, e.getMessage()));
        }
    }

    private void reopen(final Logger log) {
        log.info(String.format(LaunchLines.TRAPPED, "user defined signal 1"));
        log.info(ServerLog.reopen() ? LaunchLines.LOG_REOPENED : LaunchLines.LOG_REOPEN_IGNORED);
    }

    private void lameDuck(final Logger log) {
        log.info(String.format(LaunchLines.TRAPPED, "user defined signal 2"));
        awaitStart();
        isLameDuck = true;
        log.info(LaunchLines.LAME_DUCK);
        Optional.ofNullable(server.get()).ifPresent(RunningServer::leave);
    }
}

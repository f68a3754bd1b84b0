package jetstream.server.conf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jetstream.server.conf.option.ConfigException;

/** {@code --signal command[=pid]}: tells another server process to stop, reload, reopen its log or go lame. */
public final class SignalCommand {

    /** Name under which a server process is found; Linux shows it in place of {@code java}. */
    public static final String PROCESS_NAME = "nats-server";

    private static final Map<String, String> SIGNALS = Map.of(
            "stop", "KILL", "quit", "INT", "term", "TERM", "reopen", "USR1", "reload", "HUP", "ldm", "USR2");

    private SignalCommand() {
    }

    /**
     * Sends the signal.
     *
     * @param argument value of the flag
     * @throws ConfigException if the command is unknown, or no or too many processes are meant, or it can not be sent
     */
    public static void send(final String argument) {
        final int equals = argument.indexOf('=');
        final String command = equals < 0 ? argument : argument.substring(0, equals);
        final String signal = SIGNALS.get(command);
        if (signal == null) {
            throw new ConfigException("unknown signal \"" + command + "\"");
        }
        final List<Long> pids = equals < 0 ? List.of(onlyServer()) : pids(argument.substring(equals + 1));
        final StringBuilder failures = new StringBuilder();
        for (final long pid : pids) {
            failures.append(kill(command, signal, pid));
        }
        if (!failures.isEmpty()) {
            throw new ConfigException(failures.toString());
        }
    }

    private static List<Long> pids(final String text) {
        if (text.endsWith("*")) {
            return matching(text.substring(0, text.length() - 1));
        }
        final Optional<Long> number = number(text);
        return List.of(number.orElseGet(() -> fromFile(text)));
    }

    private static Optional<Long> number(final String text) {
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static long fromFile(final String text) {
        try {
            final String content = Files.readString(Path.of(text));
            return number(content.strip()).orElseThrow(() -> new ConfigException("invalid pid: " + content));
        } catch (final IOException e) {
            throw new ConfigException("invalid pid: " + text, e);
        }
    }

    private static List<Long> matching(final String prefix) {
        final List<Long> found = servers().stream()
                .filter(pid -> String.valueOf(pid).startsWith(prefix))
                .toList();
        if (found.isEmpty()) {
            throw new ConfigException("no nats-server processes running");
        }
        return found;
    }

    private static long onlyServer() {
        final List<Long> all = servers();
        if (all.isEmpty()) {
            throw new ConfigException("no nats-server processes running");
        }
        if (all.size() > 1) {
            final StringBuilder text = new StringBuilder("multiple nats-server processes running:");
            all.forEach(pid -> text.append('\n').append(pid));
            throw new ConfigException(text.toString());
        }
        return all.getFirst();
    }

    private static List<Long> servers() {
        final long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(SignalCommand::isServer)
                .map(ProcessHandle::pid)
                .filter(pid -> pid != self)
                .sorted()
                .toList();
    }

    private static boolean isServer(final ProcessHandle process) {
        final Path name = Path.of("/proc", String.valueOf(process.pid()), "comm");
        try {
            if (Files.isReadable(name)) {
                return Files.readString(name).contains(PROCESS_NAME);
            }
        } catch (final IOException e) {
            // It ended while we looked.
            return false;
        }
        return process.info().command().map(text -> text.contains(PROCESS_NAME)).orElse(false);
    }

    private static String kill(final String command, final String signal, final long pid) {
        final String failure = "\nsignal \"" + command + "\" " + pid + ": ";
        if (ProcessHandle.of(pid).isEmpty()) {
            return failure + "no such process";
        }
        try {
            final Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                    .redirectErrorStream(true)
                    .start();
            final String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return kill.waitFor() == 0 ? "" : failure + output.strip();
        } catch (final IOException e) {
            return failure + e.getMessage();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure + "interrupted";
        }
    }
}

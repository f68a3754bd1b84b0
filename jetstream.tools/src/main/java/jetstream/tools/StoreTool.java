package jetstream.tools;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jetstream.api.store.Store;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreIdentity;
import jetstream.api.store.StoreUsage;
import jetstream.api.store.VerifyReport;

/** {@code bin/jetstream-store}: looks after the data of servers that are stopped. */
final class StoreTool {
    static final String USAGE = """
            Usage: jetstream-store COMMAND [OPTIONS] DIR...
              info DIR...                       says which store wrote a directory, for which server, and what is in it
              verify DIR...                     reads everything and compares checksums
              convert --from S --to S DIR...    moves the data into another store; the old files are kept beside it

            Options: --set STORE.KEY=VALUE     a setting as below jetstream.store.STORE in the configuration

            DIR is store_dir of the configuration, or the directory "jetstream" in it. The server has to be stopped.
            Exit code: 0 done, 1 not done or damage found, 2 not understood.
            """;

    private static final String SET = "--set";
    private static final Set<String> OF_CONVERT = Set.of("--from", "--to");

    private final PrintStream out;
    private final PrintStream err;
    private final boolean isTerminal;
    private final Map<String, String> options = new HashMap<>();
    private final Map<String, Map<String, String>> settings = new HashMap<>();
    private final List<Path> directories = new ArrayList<>();
    private boolean hasWarned;

    /**
     * A tool that writes there.
     *
     * @param isTerminal whether a person looks at {@code err}
     */
    StoreTool(final PrintStream out, final PrintStream err, final boolean isTerminal) {
        this.out = out;
        this.err = err;
        this.isTerminal = isTerminal;
    }

    /** The program. */
    public static void main(final String[] arguments) {
        final boolean isTerminal = System.console() != null && System.console().isTerminal();
        System.exit(new StoreTool(System.out, System.err, isTerminal).run(arguments));
    }

    /** Does what the arguments say; returns the exit code. */
    int run(final String... arguments) {
        if (arguments.length == 0 || Set.of("-h", "--help", "help").contains(arguments[0])) {
            out.print(USAGE);
            return arguments.length == 0 ? 2 : 0;
        }
        try {
            parse(arguments);
            return switch (arguments[0]) {
                case "info" -> info();
                case "verify" -> verify();
                case "convert" -> convert();
                default -> throw new ToolFailure(2, "unknown command \"" + arguments[0]
                        + "\"; there are info, verify and convert");
            };
        } catch (final ToolFailure e) {
            err.println("jetstream-store: " + e.getMessage());
            return e.exitCode();
        } catch (final StoreException | UncheckedIOException e) {
            err.println("jetstream-store: " + e.getMessage());
            return 1;
        }
    }

    private void parse(final String... arguments) {
        for (int i = 1; i < arguments.length; i++) {
            final String argument = arguments[i];
            if (!argument.startsWith("-")) {
                directories.add(Path.of(argument));
            } else if (!argument.equals(SET) && !(OF_CONVERT.contains(argument) && arguments[0].equals("convert"))) {
                throw new ToolFailure(2, "unknown option " + argument + " of " + arguments[0] + "; see --help");
            } else if (i + 1 == arguments.length) {
                throw new ToolFailure(2, "option " + argument + " needs a value; see --help");
            } else {
                option(argument, arguments[++i]);
            }
        }
        if (directories.isEmpty()) {
            throw new ToolFailure(2, arguments[0] + " needs a directory; see --help");
        }
    }

    private void option(final String name, final String value) {
        if (!name.equals(SET)) {
            options.put(name, value);
            return;
        }
        if (!value.matches("[a-z0-9]+\\.[a-z0-9_.]+=.*")) {
            throw new ToolFailure(2, "--set takes STORE.KEY=VALUE, not \"" + value + "\"");
        }
        final int dot = value.indexOf('.');
        final int equals = value.indexOf('=');
        settings.computeIfAbsent(value.substring(0, dot), any -> new HashMap<>())
                .put(value.substring(dot + 1, equals), value.substring(equals + 1));
    }

    private int info() {
        final Stores stores = new Stores(settings, this::log);
        for (final Path given : directories) {
            final Path directory = Stores.directory(given);
            final StoreIdentity identity = Stores.identity(directory);
            out.printf("%s: store \"%s\", format %s, server \"%s\", id %s%n", directory, identity.store(),
                    identity.format(), identity.node(), identity.id());
            try (Store store = stores.open(identity.store(), directory, identity.node())) {
                final StoreUsage usage = store.usage();
                out.printf("  %d groups, %s of live entries, %s on disk%n", store.groups().size(),
                        Progress.size(usage.liveBytes()), Progress.size(usage.occupiedBytes()));
            }
        }
        return 0;
    }

    private int verify() {
        final Stores stores = new Stores(settings, this::log);
        int code = 0;
        for (final Path given : directories) {
            final Path directory = Stores.directory(given);
            final StoreIdentity identity = Stores.identity(directory);
            try (Store store = stores.open(identity.store(), directory, identity.node())) {
                final VerifyReport report = store.verify();
                final boolean isWhole = report.damages().isEmpty() && !hasWarned;
                out.printf("%s: %d entries read, %s%n", directory, report.entriesRead(),
                        isWhole ? "all whole" : "DAMAGED");
                report.damages().forEach(damage -> out.println("  " + damage));
                code = isWhole ? code : 1;
                hasWarned = false;
            }
        }
        return code;
    }

    private int convert() {
        final String from = option("--from");
        final String to = option("--to");
        final Stores stores = new Stores(settings, this::log);
        stores.named(from);
        stores.named(to);
        for (final Path given : directories) {
            final Path directory = Stores.directory(given);
            final String found = Stores.identity(directory).store();
            if (!found.equals(from)) {
                throw new ToolFailure(1, directory + " was written by store \"" + found + "\", not by \"" + from
                        + "\"; nothing was changed");
            }
            final Conversion conversion = new Conversion(stores, directory, to,
                    (what, bytes) -> new Progress(err, isTerminal, what, bytes));
            final Path kept = conversion.run();
            out.printf("%s: now of store \"%s\": %d groups, %d entries compared. The old files are in %s; delete them"
                    + " when the server has run well. Set jetstream { store: %s } in its configuration.%n", directory,
                    to, conversion.groups(), conversion.entries(), kept, to);
        }
        return 0;
    }

    private String option(final String name) {
        final String value = options.get(name);
        if (value == null) {
            throw new ToolFailure(2, "convert needs " + name + "; see --help");
        }
        return value;
    }

    private void log(final boolean warning, final String line) {
        if (warning) {
            hasWarned = true;
            err.println("jetstream-store: " + line);
        }
    }
}

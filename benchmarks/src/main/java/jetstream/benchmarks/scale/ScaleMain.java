package jetstream.benchmarks.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Three servers with many idle groups: how fast they are made, what they cost at rest, how long a restart takes. Any
 * program with nats-server's flags can be measured. Started by {@code bin/scale}; needs nothing but the JDK.
 */
public final class ScaleMain {
    private ScaleMain() {
    }

    /**
     * Runs once per number of groups and prints a table of all figures.
     *
     * @param arguments as {@code --help} lists them
     * @throws IOException if a server does not start, answer or end
     * @throws InterruptedException if somebody interrupts this thread
     */
    public static void main(final String... arguments) throws IOException, InterruptedException {
        if (Set.of(arguments).contains("--help") || Set.of(arguments).contains("-h")) {
            System.out.print(ScaleOptions.USAGE);
            return;
        }
        final ScaleOptions options = options(arguments);
        if (options == null) {
            System.exit(2);
            return;
        }
        final Map<Integer, Map<String, String>> results = new LinkedHashMap<>();
        for (final int groups : options.groups()) {
            System.out.println(groups + " groups, " + options.program());
            try (ScaleRun run = new ScaleRun(options, groups)) {
                final Thread ending = new Thread(() -> end(run));
                Runtime.getRuntime().addShutdownHook(ending);
                results.put(groups, run.run());
                Runtime.getRuntime().removeShutdownHook(ending);
            }
        }
        print(results);
    }

    private static ScaleOptions options(final String... arguments) {
        try {
            final ScaleOptions options = ScaleOptions.of(arguments);
            if (Files.isExecutable(options.program())) {
                return options;
            }
            System.err.println("scale: " + options.program() + " can not be run");
        } catch (final IllegalArgumentException e) {
            System.err.println("scale: " + e.getMessage() + "; see --help");
        }
        return null;
    }

    private static void end(final ScaleRun run) {
        try {
            run.close();
        } catch (final IOException e) {
            System.err.println("scale: " + e);
        }
    }

    private static void print(final Map<Integer, Map<String, String>> results) {
        final Set<String> names = new LinkedHashSet<>();
        results.values().forEach(figures -> names.addAll(figures.keySet()));
        final StringBuilder table = new StringBuilder("\n| groups |");
        results.keySet().forEach(groups -> table.append(" %,d |".formatted(groups)));
        table.append("\n|---|").append("---|".repeat(results.size())).append('\n');
        for (final String name : names) {
            table.append("| ").append(name).append(" |");
            results.values().forEach(figures -> table.append(' ').append(figures.getOrDefault(name, "")).append(" |"));
            table.append('\n');
        }
        System.out.println(table);
    }
}

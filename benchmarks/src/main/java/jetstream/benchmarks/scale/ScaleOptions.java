package jetstream.benchmarks.scale;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured.
 *
 * @param program server program with nats-server's flags
 * @param groups how many streams, a run of its own for each number
 * @param replicas members of each stream's group
 * @param window requests under way at once
 * @param idleSeconds how long idle servers are watched
 * @param directory configurations, logs and stores; made anew for each run
 * @param restarts whether a server is killed and started again
 * @param keep whether the stores stay when the run is over
 * @param settings more settings in the block "jetstream" of all servers; empty for none
 */
record ScaleOptions(Path program, List<Integer> groups, int replicas, int window, int idleSeconds, Path directory,
        boolean restarts, boolean keep, String settings) {

    static final String USAGE = """
            Usage: bin/scale [options]
              --server FILE    measure this program, for instance nats-server (default: bin/jetstream-server)
              --groups N,N     how many R3 streams, one run each (default: 100,1000,10000)
              --replicas N     members of each stream (default: 3)
              --window N       requests under way at once on the one connection (default: 256)
              --idle SECONDS   how long the idle servers' CPU is watched (default: 30)
              --directory DIR  stores and logs; emptied before each run (default: target/scale)
              --no-restarts    do not kill and restart a server
              --keep           leave the stores there
              --jetstream TEXT more settings in the block "jetstream" of all servers
            """;

    static ScaleOptions of(final String... arguments) {
        Path program = Path.of("bin/jetstream-server");
        List<Integer> groups = List.of(100, 1_000, 10_000);
        int replicas = 3;
        int window = 256;
        int idleSeconds = 30;
        Path directory = Path.of("target/scale");
        boolean restarts = true;
        boolean keep = false;
        String settings = "";
        int at = 0;
        while (at < arguments.length) {
            final String name = arguments[at++];
            switch (name) {
                case "--no-restarts" -> restarts = false;
                case "--keep" -> keep = true;
                case "--server" -> program = Path.of(value(arguments, at++));
                case "--groups" -> groups = numbers(value(arguments, at++));
                case "--replicas" -> replicas = Integer.parseInt(value(arguments, at++));
                case "--window" -> window = Integer.parseInt(value(arguments, at++));
                case "--idle" -> idleSeconds = Integer.parseInt(value(arguments, at++));
                case "--directory" -> directory = Path.of(value(arguments, at++));
                case "--jetstream" -> settings = value(arguments, at++);
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }
        return new ScaleOptions(program.toAbsolutePath(), groups, replicas, window, idleSeconds,
                directory.toAbsolutePath(), restarts, keep, settings);
    }

    private static String value(final String[] arguments, final int at) {
        if (at >= arguments.length) {
            throw new IllegalArgumentException("option " + arguments[at - 1] + " needs a value");
        }
        return arguments[at];
    }

    private static List<Integer> numbers(final String text) {
        final List<Integer> numbers = new ArrayList<>();
        for (final String part : text.split(",")) {
            numbers.add(Integer.valueOf(part.strip()));
        }
        return numbers;
    }
}

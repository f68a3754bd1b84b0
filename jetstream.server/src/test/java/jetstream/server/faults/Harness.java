package jetstream.server.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jetstream.server.acceptance.Await;
import jetstream.server.acceptance.ServerNode;

/** Runs faults, one cluster each, and makes a row of each. */
@SuppressWarnings("try")
final class Harness {
    private static final long IMAGE_BYTES = 384L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AFTER = Duration.ofSeconds(1);

    private final Path directory;
    private final long seed;
    private final PrintStream out;

    /** @param directory stores, configurations and logs of each fault go below it; logs are kept */
    Harness(final Path directory, final long seed, final PrintStream out) {
        this.directory = directory;
        this.seed = seed;
        this.out = out;
    }

    static List<Fault> catalogue() {
        return Stream.of(ProcessFaults.all(), NetworkFaults.all(), DiskFaults.all(), ClockFaults.all())
                .flatMap(List::stream).toList();
    }

    Row run(final Fault fault) throws Exception {
        final Path place = Files.createDirectories(directory.resolve(fault.name()));
        final Row row;
        try {
            row = runOn(ground(fault, place), fault, place);
        } catch (final Ground.Unavailable e) {
            return Row.skipped(fault.name(), e.getMessage());
        } catch (final IOException | AssertionError | IllegalStateException e) {
            complain(fault, e.toString());
            return Row.failed(fault.name(), e.toString());
        }
        dropStores(place);
        return row;
    }

    private Row runOn(final Ground ground, final Fault fault, final Path place) throws Exception {
        final Thread cleaner = Thread.ofPlatform().unstarted(() -> abandon(ground));
        Runtime.getRuntime().addShutdownHook(cleaner);
        try (Scene scene = new Scene(ground, place, seed)) {
            return run(fault, scene);
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        }
    }

    /** A run that is broken off leaves neither servers nor mounts nor namespaces. */
    private static void abandon(final Ground ground) {
        ground.cluster().nodes().stream().filter(ServerNode::isAlive).forEach(ServerNode::kill);
        try {
            ground.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Ground ground(final Fault fault, final Path place)
            throws Ground.Unavailable, IOException, InterruptedException {
        return switch (fault.site()) {
            case LOOPBACK -> new LoopbackGround(place);
            case SWITCHED -> new SwitchedGround(place, seed);
            case IMAGES -> new ImageGround(place, IMAGE_BYTES);
            case FALSE_CLOCK -> ClockGround.make(place);
        };
    }

    private Row run(final Fault fault, final Scene scene) throws Exception {
        scene.start();
        fault.strike().on(scene);
        if (!scene.isHealed()) {
            scene.healed();
        }
        final boolean goesOn = Await.holds(PATIENCE, scene::goesOn);
        final long ackMs = goesOn ? slowestFirstMs(scene) : -1;
        final boolean hasCaughtUp = Await.holds(PATIENCE, () -> scene.hasDied() || scene.hasCaughtUp())
                && !scene.hasDied();
        final long levelMs = hasCaughtUp ? ms(System.nanoTime() - scene.healedNs()) : -1;
        scene.load(AFTER);
        final long endNs = System.nanoTime();
        for (final StreamLoad load : scene.loads()) {
            load.stopPublishing();
        }
        if (!scene.hasDied() && !Await.holds(PATIENCE, scene::isLevel)) {
            scene.loads().forEach(load -> complain(fault, load.name() + " is not level:\n"
                    + scene.cluster().replicas(load.name())));
        }
        final Totals totals = compare(fault, scene);
        final long gapNs = scene.loads().stream()
                .mapToLong(load -> load.acks().longestNs(scene.struckNs(), endNs)).max().orElse(0);
        final int died = (int) scene.cluster().nodes().stream().filter(ServerNode::hasDied).count();
        return new Row(fault.name(), scene.loads().stream().mapToInt(StreamLoad::attempted).sum(),
                scene.loads().stream().mapToInt(load -> load.acked().size()).sum(), totals.lost, totals.doubled,
                totals.diverged, ms(gapNs), ackMs, levelMs, died, scene.notes());
    }

    private static long slowestFirstMs(final Scene scene) {
        return scene.loads().stream().mapToLong(load -> ms(Math.max(load.acks().firstAfterNs(scene.healedNs()),
                load.deliveries().firstAfterNs(scene.healedNs())))).max().orElse(-1);
    }

    private static long ms(final long ns) {
        return TimeUnit.NANOSECONDS.toMillis(ns);
    }

    /** Sums over the streams. */
    private static final class Totals {
        private int lost;
        private int doubled;
        private int diverged;
    }

    private Totals compare(final Fault fault, final Scene scene) throws InterruptedException {
        final Totals totals = new Totals();
        for (final StreamLoad load : scene.loads()) {
            try {
                final Comparison found =
                        Comparison.of(scene.living(), load, text -> complain(fault, text));
                totals.lost += found.lost();
                totals.doubled += found.doubled();
                totals.diverged += found.diverged();
                awaitDeliveries(scene, load, new HashSet<>(found.sequences()));
            } catch (final AssertionError e) {
                complain(fault, e.getMessage());
                scene.note(e.getMessage());
                totals.diverged = -1;
                break;
            }
        }
        return totals;
    }

    /** At least once: whatever is stored has to reach the consumer. */
    private static void awaitDeliveries(final Scene scene, final StreamLoad load, final Set<Long> sequences) {
        if (!Await.holds(PATIENCE, () -> load.hasDelivered(sequences))) {
            scene.note(load.undelivered(sequences) + " of " + load.name() + " never delivered");
        }
    }

    private void complain(final Fault fault, final String text) {
        out.println(fault.name() + ": " + text);
    }

    private static void dropStores(final Path place) throws IOException {
        for (final String name : List.of("n1", "n2", "n3")) {
            for (final String suffix : List.of("", ".copy")) {
                if (Files.isDirectory(place.resolve(name + suffix))) {
                    Damage.delete(place.resolve(name + suffix));
                }
            }
            Files.deleteIfExists(place.resolve(name + ".img"));
        }
    }
}

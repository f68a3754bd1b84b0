package jetstream.simulator;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import jetstream.simulator.check.Checkers;
import jetstream.simulator.check.Progress;
import jetstream.simulator.check.Rest;
import jetstream.simulator.fault.FaultKind;
import jetstream.simulator.fault.FaultPlan;
import jetstream.simulator.load.Workload;
import jetstream.simulator.world.WholeNode;
import jetstream.simulator.world.World;
import jetstream.simulator.world.WorldSettings;

/**
 * One run: a cluster of whole nodes under load and faults (safety), then a time without new faults in which every
 * stream and consumer must make progress and all replicas must come to the same (liveness). Everything follows from
 * the seed.
 */
public final class WholeSimulation {
    /** Everything that the server must survive. */
    public static final Set<FaultKind> ALL_FAULTS = EnumSet.allOf(FaultKind.class);

    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final long PROGRESS_WITHIN_NS = 12 * SECOND;
    private static final long STEP_NS = 50 * MILLISECOND;

    private final long seed;
    private final SplittableRandom random;
    private final World world;
    private final Checkers checkers;
    private final Workload workload;
    private final FaultPlan faults;
    private final long startNs;

    /** A run; {@link #run} makes it. */
    public WholeSimulation(final long seed, final Set<FaultKind> kinds, final boolean isTold) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        checkers = new Checkers(this::fail);
        world = new World(WorldSettings.draw(random), random.split(), checkers, isTold);
        faults = new FaultPlan(world, random.split(), kinds);
        workload = new Workload(world, random.split(), !faults.mayLose());
        faults.workload(workload);
        startNs = world.clock().nowNs();
    }

    private void fail(final String reason) {
        world.trace().fail(reason);
    }

    /** The command that makes such a run again and tells its story: what may strike decides what does. */
    public static String replay(final long seed, final Set<FaultKind> kinds) {
        final Set<FaultKind> without = EnumSet.copyOf(ALL_FAULTS);
        without.removeAll(kinds);
        return "bin/simulate --seed " + seed + (without.isEmpty() ? ""
                : without.stream().map(FaultKind::name).collect(Collectors.joining(",", " --without ", "")));
    }

    /** Its seed. */
    public long seed() {
        return seed;
    }

    /** What was seen. */
    public Checkers checkers() {
        return checkers;
    }

    /** Nodes and network. */
    public World world() {
        return world;
    }

    /** Simulated nanoseconds that passed. */
    public long lengthNs() {
        return world.clock().nowNs() - startNs;
    }

    /** Makes both phases; returns what was wrong, nothing if all is well. */
    public List<String> run() {
        world.trace().note(() -> "seed " + seed + ", " + world.settings() + ", faults " + faults.kinds() + ", victim "
                + faults.victim());
        faults.supervisor().start();
        world.run(SECOND);
        workload.start();
        safety();
        liveness();
        return world.trace().failures();
    }

    private void safety() {
        final long endNs = world.clock().nowNs() + random.nextLong(4, 10) * SECOND;
        while (world.clock().nowNs() < endNs && !world.trace().hasFailed()) {
            world.run(random.nextLong(10, 900) * MILLISECOND);
            faults.strike();
            if (faults.victimSuffered()) {
                checkers.groups().excuse(faults.victim());
            }
            if (random.nextInt(3) == 0) {
                faults.calm();
            }
        }
    }

    private void liveness() {
        final Progress progress = new Progress(world, checkers.log());
        world.run(random.nextLong(2_000) * MILLISECOND);
        final WholeNode away = faults.heal(random.nextInt(3) == 0);
        world.trace().note(() -> "faults are over" + (away == null ? "" : ", " + away + " stays away"));
        workload.calm();
        await(() -> progress.stuck(workload.streams(), away));
        faults.supervisor().release();
        await(() -> progress.stuck(workload.streams(), null));
        await(() -> {
            final List<String> missing = progress.behind();
            missing.addAll(progress.stuck(workload.streams(), null));   // who leads now may have caught up since
            return missing;
        });
        if (!world.trace().hasFailed()) {
            checkers.judge(new Rest(world, workload.allStreams(), faults.hasJumped(),
                    this::fail));
        }
    }

    private void await(final Supplier<List<String>> missing) {
        final long endNs = world.clock().nowNs() + PROGRESS_WITHIN_NS;
        List<String> still = List.of("nothing was looked at");
        while (!still.isEmpty() && world.clock().nowNs() < endNs && !world.trace().hasFailed()) {
            workload.probe();
            world.run(STEP_NS);
            still = missing.get();
        }
        if (!world.trace().hasFailed()) {
            still.forEach(what -> fail("no progress in " + PROGRESS_WITHIN_NS / SECOND + " s: " + what));
        }
    }
}

package jetstream.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import jetstream.simulator.fault.FaultKind;

/** Makes the runs of a range of seeds, one per processor at a time. Each has its thread; runs share nothing. */
final class Seeds {
    /** Told of every run that was made, by one thread at a time. */
    @FunctionalInterface
    interface Reader {
        /** Whether further seeds shall be run. */
        boolean onRun(WholeSimulation run, List<String> failures);
    }

    private final long end;
    private final Set<FaultKind> faults;
    private final boolean isTold;
    private final Reader reader;
    private final AtomicLong next;
    private final AtomicBoolean isOver = new AtomicBoolean();

    /**
     * Seeds to run.
     *
     * @param first first seed
     * @param end seed behind the last one
     * @param faults kinds of faults that may strike
     * @param isTold whether the stories are told
     * @param reader told of every run
     */
    Seeds(final long first, final long end, final Set<FaultKind> faults, final boolean isTold, final Reader reader) {
        next = new AtomicLong(first);
        this.end = end;
        this.faults = faults;
        this.isTold = isTold;
        this.reader = reader;
    }

    /** Runs them; returns when the last run has ended. */
    void run() {
        final int threads = (int) Math.min(Runtime.getRuntime().availableProcessors(), end - next.get());
        try (ExecutorService runners = Executors.newFixedThreadPool(Math.max(1, threads))) {
            final List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(runners.submit(this::runOneByOne));
            }
            for (final Future<?> runner : running) {
                runner.get();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            isOver.set(true);
        } catch (final ExecutionException e) {
            isOver.set(true);
            throw new IllegalStateException("a run was broken off", e.getCause());
        }
    }

    private void runOneByOne() {
        while (!isOver.get()) {
            final long seed = next.getAndIncrement();
            if (seed >= end) {
                return;
            }
            final WholeSimulation run = new WholeSimulation(seed, faults, isTold);
            final List<String> failures = failures(run);
            synchronized (this) {
                if (!reader.onRun(run, failures)) {
                    isOver.set(true);
                }
            }
        }
    }

    /** What was wrong with a run; what breaks it off is an error of the simulator, and says with which seed. */
    private static List<String> failures(final WholeSimulation run) {
        try {
            return run.run();
        } catch (final RuntimeException e) {
            throw new IllegalStateException("seed " + run.seed() + " was broken off", e);
        }
    }
}

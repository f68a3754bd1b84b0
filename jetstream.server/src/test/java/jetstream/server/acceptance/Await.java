package jetstream.server.acceptance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for a condition with a deadline. The deadlines are for loaded machines; nothing here judges speed. */
public final class Await {
    /** Long enough for a start or an election on a machine that is busy with other work. */
    public static final Duration GENEROUS = Duration.ofSeconds(90);

    private static final Duration STEP = Duration.ofMillis(25);

    private Await() {
    }

    /** False if the condition did not hold until the deadline. */
    public static boolean holds(final Duration limit, final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            pause(STEP);
        }
        return true;
    }

    public static void until(final String what, final BooleanSupplier condition) {
        until(() -> what, condition);
    }

    /** @param what is asked only after the deadline, so that it can say how things are then */
    public static void until(final Supplier<String> what, final BooleanSupplier condition) {
        if (!holds(GENEROUS, condition)) {
            throw new AssertionError("not within " + GENEROUS.toSeconds() + " s: " + what.get());
        }
    }

    /** The pauses of a load or of a fault plan; not a wait for something to happen. */
    public static void pause(final Duration length) {
        final long deadlineNs = System.nanoTime() + length.toNanos();
        long leftNs = length.toNanos();
        while (leftNs > 0) {
            LockSupport.parkNanos(leftNs);
            leftNs = deadlineNs - System.nanoTime();
        }
    }
}

package jetstream.store.mapdb;

import java.util.Random;

/**
 * Crashes the store at random calls of random runs until a time is over. Arguments: first seed, seconds; or seed, call
 * and loss of a failure that was printed, to see it again.
 */
final class CrashCampaign {
    private CrashCampaign() {
    }

    public static void main(final String[] arguments) {
        if (arguments.length == 3) {
            CrashTest.crashAt(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]),
                    SimulatedDisk.Loss.valueOf(arguments[2]));
            return;
        }
        final Random random = new Random(Long.parseLong(arguments[0]));
        final long endNs = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000L;
        long runs = 0;
        while (System.nanoTime() - endNs < 0) {
            final long seed = random.nextLong(1_000_000_000);
            final long call = 1 + random.nextLong(CrashTest.calls(seed));
            final SimulatedDisk.Loss loss =
                    SimulatedDisk.Loss.values()[random.nextInt(SimulatedDisk.Loss.values().length)];
            try {
                CrashTest.crashAt(seed, call, loss);
            } catch (final AssertionError | RuntimeException e) {
                System.out.println("failed: " + seed + " " + call + " " + loss + ": " + e.getMessage());
            }
            runs++;
        }
        System.out.println(runs + " crashed runs");
    }
}

package jetstream.server.faults;

import java.util.Random;

/**
 * What the links between servers do to frames. Immutable.
 *
 * @param cut {@code cut[from][to]}: nothing passes in that direction
 * @param loss share of frames that vanish
 * @param duplicate share of frames that arrive twice
 * @param delayMinMs least delay of a frame
 * @param delayMaxMs most; frames with different delays overtake each other
 */
record LinkRules(boolean[][] cut, double loss, double duplicate, int delayMinMs, int delayMaxMs) {
    static LinkRules perfect(final int size) {
        return new LinkRules(new boolean[size][size], 0, 0, 0, 0);
    }

    LinkRules withLoss(final double share) {
        return new LinkRules(cut, share, duplicate, delayMinMs, delayMaxMs);
    }

    LinkRules withDuplicates(final double share) {
        return new LinkRules(cut, loss, share, delayMinMs, delayMaxMs);
    }

    LinkRules withDelay(final int minMs, final int maxMs) {
        return new LinkRules(cut, loss, duplicate, minMs, maxMs);
    }

    /** One direction alone. */
    LinkRules withCut(final int from, final int to) {
        final boolean[][] copy = new boolean[cut.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = cut[i].clone();
        }
        copy[from][to] = true;
        return new LinkRules(copy, loss, duplicate, delayMinMs, delayMaxMs);
    }

    boolean isCut(final int from, final int to) {
        return cut[from][to];
    }

    /** How often one frame arrives: 0, 1 or 2. */
    int copies(final Random random) {
        if (random.nextDouble() < loss) {
            return 0;
        }
        return random.nextDouble() < duplicate ? 2 : 1;
    }

    int delayMs(final Random random) {
        return delayMaxMs == 0 ? 0 : random.nextInt(delayMinMs, delayMaxMs + 1);
    }
}

package jetstream.server.auth;

import java.util.Arrays;

/** Remembers yes or no per subject in a fixed table; a newer subject overwrites an older one. Owner: node thread. */
final class DecisionCache {
    private static final int SLOTS = 256;
    private static final int KEY_SPARE = 16;

    private final byte[][] keys = new byte[SLOTS][];
    private final int[] lengths = new int[SLOTS];
    private final boolean[] answers = new boolean[SLOTS];

    /** Place of a subject, to be used with the other methods. */
    int slot(final byte[] subject, final int length) {
        int h = length;
        for (int i = 0; i < length; i++) {
            h = 31 * h + subject[i];
        }
        return (h ^ h >>> 16) & (SLOTS - 1);
    }

    boolean has(final int slot, final byte[] subject, final int length) {
        return keys[slot] != null && Arrays.equals(keys[slot], 0, lengths[slot], subject, 0, length);
    }

    boolean answer(final int slot) {
        return answers[slot];
    }

    boolean put(final int slot, final byte[] subject, final int length, final boolean answer) {
        if (keys[slot] == null || keys[slot].length < length) {
            keys[slot] = new byte[length + KEY_SPARE];
        }
        System.arraycopy(subject, 0, keys[slot], 0, length);
        lengths[slot] = length;
        answers[slot] = answer;
        return answer;
    }
}

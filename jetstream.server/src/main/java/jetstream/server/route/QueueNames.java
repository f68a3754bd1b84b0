package jetstream.server.route;

import java.util.Arrays;

/** A reusable list of queue group names without doubles. Owner: node thread. */
public final class QueueNames {
    private byte[][] names = new byte[4][];
    private int count;

    /** Makes an empty list. */
    public QueueNames() {
    }

    /** Forgets all names. */
    public void clear() {
        count = 0;
    }

    /**
     * Adds a name unless it is there. The array is kept and not to be changed.
     *
     * @param name queue group
     */
    public void add(final byte[] name) {
        if (contains(name)) {
            return;
        }
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
        }
        names[count++] = name;
    }

    /** Number of names. */
    public int count() {
        return count;
    }

    /** Name by position. */
    public byte[] name(final int index) {
        return names[index];
    }

    /**
     * Tells whether a name is in the list.
     *
     * @param name queue group
     * @return true if so
     */
    public boolean contains(final byte[] name) {
        for (int i = 0; i < count; i++) {
            if (names[i] == name || Arrays.equals(names[i], name)) {
                return true;
            }
        }
        return false;
    }
}

package jetstream.raft.driver;

import java.util.Arrays;
import java.util.function.Consumer;
import jetstream.api.Invariant;

/**
 * Values by a long key, without boxing: groups by id, peers by node. Open addressing with linear probing; at most
 * half full.
 *
 * @param <V> type of the values
 */
final class LongTable<V> {
    private static final int INITIAL_SLOTS = 16;

    private long[] keys = new long[INITIAL_SLOTS];
    private Object[] values = new Object[INITIAL_SLOTS];
    private int size;

    /** The value of that key, or null. */
    @SuppressWarnings("unchecked")
    V get(final long key) {
        return (V) values[find(key)];
    }

    void put(final long key, final V value) {
        Invariant.check(value != null, "no value for key", key);
        if (2 * (size + 1) > keys.length) {
            resize(keys.length * 2);
        }
        final int slot = find(key);
        size += values[slot] == null ? 1 : 0;
        keys[slot] = key;
        values[slot] = value;
    }

    void remove(final long key) {
        int hole = find(key);
        if (values[hole] == null) {
            return;
        }
        size--;
        values[hole] = null;
        final int mask = keys.length - 1;
        for (int slot = hole + 1 & mask; values[slot] != null; slot = slot + 1 & mask) {
            final int home = home(keys[slot]);
            if ((slot - home & mask) >= (slot - hole & mask)) {         // may move back into the hole
                keys[hole] = keys[slot];
                values[hole] = values[slot];
                values[slot] = null;
                hole = slot;
            }
        }
    }

    int size() {
        return size;
    }

    /** Calls with every value; the table must not change meanwhile. */
    @SuppressWarnings("unchecked")
    void forEach(final Consumer<V> consumer) {
        for (final Object value : values) {
            if (value != null) {
                consumer.accept((V) value);
            }
        }
    }

    void clear() {
        Arrays.fill(values, null);
        size = 0;
    }

    private int find(final long key) {
        final int mask = keys.length - 1;
        int slot = home(key);
        while (values[slot] != null && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int home(final long key) {
        final long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed ^ mixed >>> 32) & keys.length - 1;
    }

    @SuppressWarnings("unchecked")
    private void resize(final int slots) {
        final long[] oldKeys = keys;
        final Object[] oldValues = values;
        keys = new long[slots];
        values = new Object[slots];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                put(oldKeys[i], (V) oldValues[i]);
            }
        }
    }
}

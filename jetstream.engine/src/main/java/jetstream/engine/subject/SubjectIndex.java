package jetstream.engine.subject;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jetstream.api.Invariant;

/**
 * Subjects that have messages → how many, and the first and last sequence. A subject is its bytes; a small id stands
 * for it while it has messages, and is given again afterwards. Open addressing with linear probing; no object but the
 * name's bytes per subject, none per lookup. Owner: the shard thread.
 */
public final class SubjectIndex {
    private static final int SMALLEST = 4;
    private static final int FACTS = 4;
    private static final int COUNT = 0;
    private static final int FIRST = 1;
    private static final int LAST = 2;
    private static final int HASH = 3;
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    /** Slots: the hash in the upper half, the id plus 1 in the lower; 0 is free. */
    private long[] table = new long[SMALLEST * 2];
    private byte[][] names = new byte[SMALLEST][];
    /** Count, first, last and hash of each id side by side: one line of the cache, not four. */
    private long[] facts = new long[SMALLEST * FACTS];
    private int[] freeIds = new int[SMALLEST];
    private int freeCount;
    private int idLimit;
    private int size;
    private ByteBuffer keyBytes;
    private byte[] key;

    /** An index without subjects. */
    public SubjectIndex() {
    }

    /** Number of subjects. */
    public int size() {
        return size;
    }

    /** All ids are below this one. */
    public int idLimit() {
        return idLimit;
    }

    /** Id of a subject; -1 if it has no messages. */
    public int find(final ByteBuffer buffer, final int offset, final int length) {
        final int hash = hash(buffer, offset, length);
        final int mask = table.length - 1;
        for (int at = hash & mask; table[at] != 0; at = at + 1 & mask) {
            if ((int) (table[at] >>> 32) == hash) {
                final int id = (int) table[at] - 1;
                if (equal(names[id], buffer, offset, length)) {
                    return id;
                }
            }
        }
        return -1;
    }

    /** As {@link #find(ByteBuffer, int, int)} for the first bytes of an array. */
    public int find(final byte[] subject, final int length) {
        if (key != subject) {
            key = subject;
            keyBytes = ByteBuffer.wrap(subject).order(ByteOrder.LITTLE_ENDIAN);
        }
        return find(keyBytes, 0, length);
    }

    /** Id of a subject, which gets one if it has none. */
    public int findOrAdd(final ByteBuffer buffer, final int offset, final int length) {
        final int found = find(buffer, offset, length);
        if (found >= 0) {
            return found;
        }
        final byte[] name = new byte[length];
        buffer.get(offset, name);
        return add(name, hash(buffer, offset, length));
    }

    private int add(final byte[] name, final int hash) {
        if ((size + 1) * 2 > table.length) {
            rehash();
        }
        final int id = freeCount > 0 ? freeIds[--freeCount] : idLimit++;
        if (id == names.length) {
            grow();
        }
        names[id] = name;
        set(id, 0, 0, 0);
        facts[id * FACTS + HASH] = hash;
        insert((long) hash << 32 | id + 1);
        size++;
        return id;
    }

    private void insert(final long entry) {
        final int mask = table.length - 1;
        int at = (int) (entry >>> 32) & mask;
        while (table[at] != 0) {
            at = at + 1 & mask;
        }
        table[at] = entry;
    }

    private void rehash() {
        final long[] old = table;
        table = new long[old.length * 2];
        for (final long entry : old) {
            if (entry != 0) {
                insert(entry);
            }
        }
    }

    private void grow() {
        names = Arrays.copyOf(names, names.length * 2);
        facts = Arrays.copyOf(facts, facts.length * 2);
    }

    /** Forgets a subject that has no messages any more; its id may be given to another. */
    public void remove(final int id) {
        Invariant.check(names[id] != null, "subject forgotten twice", id);
        final int mask = table.length - 1;
        int hole = (int) facts[id * FACTS + HASH] & mask;
        while ((int) table[hole] != id + 1) {
            hole = hole + 1 & mask;
        }
        // Later entries of the same run move back into the hole: no tombstones, so lookups stay short for ever.
        for (int at = hole + 1 & mask; table[at] != 0; at = at + 1 & mask) {
            final int home = (int) (table[at] >>> 32) & mask;
            if ((at - home & mask) >= (at - hole & mask)) {
                table[hole] = table[at];
                hole = at;
            }
        }
        table[hole] = 0;
        names[id] = null;
        set(id, 0, 0, 0);
        size--;
        loadFree(id);
    }

    /** Forgets everything. */
    public void clear() {
        Arrays.fill(table, 0);
        Arrays.fill(names, null);
        Arrays.fill(facts, 0);
        freeCount = 0;
        idLimit = 0;
        size = 0;
    }

    /** Ids below {@link #idLimit} that stand for no subject; the last of them is given next. */
    public int[] freeIds() {
        return Arrays.copyOf(freeIds, freeCount);
    }

    /**
     * Fills an index that was cleared: ids from 0 upwards, each once.
     *
     * @param name null if the id stands for no subject; then {@link #loadFree} follows for it, in the order of {@link
     *     #freeIds}
     */
    public void load(final int id, final byte[] name) {
        Invariant.check(id == idLimit, "subject loaded out of order", id, idLimit);
        idLimit++;
        if (id == names.length) {
            grow();
        }
        if (name != null) {
            if ((size + 1) * 2 > table.length) {
                rehash();
            }
            names[id] = name;
            final int hash = hash(ByteBuffer.wrap(name), 0, name.length);
            facts[id * FACTS + HASH] = hash;
            insert((long) hash << 32 | id + 1);
            size++;
        }
    }

    /** See {@link #load}. */
    public void loadFree(final int id) {
        if (freeCount == freeIds.length) {
            freeIds = Arrays.copyOf(freeIds, freeCount * 2);
        }
        freeIds[freeCount++] = id;
    }

    /** The subject's bytes, not to be changed; null if no subject has that id. */
    public byte[] name(final int id) {
        return names[id];
    }

    /** Number of messages of a subject; 0 if no subject has that id. */
    public long count(final int id) {
        return facts[id * FACTS + COUNT];
    }

    /** First sequence of a subject. */
    public long first(final int id) {
        return facts[id * FACTS + FIRST];
    }

    /** Last sequence of a subject. */
    public long last(final int id) {
        return facts[id * FACTS + LAST];
    }

    /** Sets what is known of a subject's messages. */
    public void set(final int id, final long count, final long first, final long last) {
        facts[id * FACTS + COUNT] = count;
        facts[id * FACTS + FIRST] = first;
        facts[id * FACTS + LAST] = last;
    }

    private static boolean equal(final byte[] name, final ByteBuffer buffer, final int offset, final int length) {
        if (name.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name[i] != buffer.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private static int hash(final ByteBuffer buffer, final int offset, final int length) {
        long hash = length * PRIME;
        int at = 0;
        if (buffer.order() == ByteOrder.LITTLE_ENDIAN) {
            for (; at + Long.BYTES <= length; at += Long.BYTES) {
                hash = mix(hash ^ buffer.getLong(offset + at));
            }
        } else {
            for (; at + Long.BYTES <= length; at += Long.BYTES) {
                hash = mix(hash ^ Long.reverseBytes(buffer.getLong(offset + at)));
            }
        }
        long rest = 0;
        for (int shift = 0; at < length; at++, shift += Byte.SIZE) {
            rest |= (buffer.get(offset + at) & 0xffL) << shift;
        }
        hash = mix(hash ^ rest);
        return (int) (hash ^ hash >>> 32);
    }

    private static long mix(final long value) {
        final long product = value * PRIME;
        return product ^ product >>> 29;
    }
}

package jetstream.store.mapdb;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pages of MapDB's volume, so that what MapDB changes between two tickets becomes durable as a whole or not at all.
 * A page is, in the order in which it is looked for: <em>dirty</em> (changed since the last ticket), <em>frozen</em>
 * (part of a ticket that is not yet in the main file), <em>clean</em> (a bounded cache), or read from the main file.
 *
 * <p>Owner: the shard thread; {@link #force} the force thread, {@link #check} any. Invariants:
 * <ol>
 * <li>I1: bytes of a frozen page never change; whoever changes the page copies it first.</li>
 * <li>I2: a slot of the main file is written only while its page is frozen, and read only while it is not.</li>
 * <li>I3: a slot is written only after a durable journal record holds its new bytes.</li>
 * </ol>
 */
final class Pages implements AutoCloseable {
    private final PageFile main;
    private final Journal journal;
    private final StoreHealth health;
    private final PageVersions versions;
    private final Map<Integer, byte[]> clean;
    private final Map<Integer, byte[]> frozen = new ConcurrentHashMap<>();
    private final Deque<PageChanges> handedOver = new ArrayDeque<>();
    private Map<Integer, byte[]> dirty = new HashMap<>();
    private int pageCount;
    private volatile int appliedPageCount;

    /** The pages of a main file that was recovered and has that many, with those versions; the journal was begun. */
    Pages(final PageFile main, final Journal journal, final StoreHealth health, final PageVersions versions,
            final int pageCount, final int cachePages) {
        this.main = main;
        this.journal = journal;
        this.health = health;
        this.versions = versions;
        this.pageCount = pageCount;
        appliedPageCount = pageCount;
        clean = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(final Map.Entry<Integer, byte[]> eldest) {
                return size() > cachePages;
            }
        };
    }

    int pageCount() {
        return pageCount;
    }

    /** Makes pages up to that number; the new ones are zeros. */
    void grow(final int newPageCount) {
        pageCount = Math.max(pageCount, newPageCount);
    }

    /**
     * The page's bytes, to be read until the next call that changes it.
     *
     * @throws PageDamaged if the main file does not have what was written
     */
    byte[] read(final int page) {
        byte[] bytes = dirty.get(page);
        if (bytes == null) {
            bytes = clean.get(page);
        }
        if (bytes == null) {
            bytes = frozen.get(page);
            if (bytes == null) {
                bytes = load(page);
            }
            clean.put(page, bytes);
        }
        return bytes;
    }

    /** The page's bytes, to be changed. */
    byte[] write(final int page) {
        byte[] bytes = dirty.get(page);
        if (bytes == null) {
            final byte[] before = read(page);
            // Once the force thread has let go of a page it does not look at its bytes again (I1).
            bytes = frozen.get(page) == before ? before.clone() : before;
            clean.remove(page);
            dirty.put(page, bytes);
        }
        return bytes;
    }

    private byte[] load(final int page) {
        if (page >= appliedPageCount) {
            return new byte[PageFile.PAGE_LENGTH];
        }
        try {
            return main.read(page);
        } catch (final IOException e) {
            throw health.fail("read of page " + page + " of " + PageFile.NAME, e);
        }
    }

    /** Bytes that wait for a force. */
    long waitingBytes() {
        return (long) (dirty.size() + frozen.size()) * PageFile.PAGE_LENGTH;
    }

    /** What was changed since the last call belongs to that ticket, as it is now. */
    void freeze(final long ticket) {
        frozen.putAll(dirty);
        clean.putAll(dirty);
        final PageChanges changes = new PageChanges(ticket, pageCount, dirty);
        dirty = new HashMap<>();
        synchronized (handedOver) {
            handedOver.add(changes);
        }
    }

    /** Makes everything up to that ticket durable. Force thread. */
    void force(final long ticket) {
        final PageChanges changes = takeUpTo(ticket);
        if (changes == null) {
            return;
        }
        health.check();
        try {
            final long record = journal.nextRecord();
            for (int page = appliedPageCount; page < changes.pageCount(); page++) {
                versions.set(page, record);
            }
            changes.images().keySet().forEach(page -> versions.set(page, record));
            journal.add(changes, versions.sum());
            apply(changes, record);
            if (journal.isFull()) {
                settle();
            }
        } catch (final IOException e) {
            throw health.fail("force of ticket " + ticket, e);
        }
    }

    private PageChanges takeUpTo(final long ticket) {
        Map<Integer, byte[]> images = null;
        PageChanges last = null;
        synchronized (handedOver) {
            while (!handedOver.isEmpty() && handedOver.peekFirst().ticket() <= ticket) {
                last = handedOver.removeFirst();
                if (images == null) {
                    images = last.images();
                } else {
                    images.putAll(last.images());
                }
            }
        }
        return last == null ? null : new PageChanges(last.ticket(), last.pageCount(), images);
    }

    private synchronized void apply(final PageChanges changes, final long record) throws IOException {
        for (int page = appliedPageCount; page < changes.pageCount(); page++) {
            if (!changes.images().containsKey(page)) {
                main.write(page, new byte[PageFile.PAGE_LENGTH], record);
            }
        }
        for (final Map.Entry<Integer, byte[]> image : changes.images().entrySet()) {
            main.write(image.getKey(), image.getValue(), record);
        }
        appliedPageCount = changes.pageCount();
        // A page that was frozen again meanwhile, with other bytes, stays.
        changes.images().forEach(frozen::remove);
    }

    /** Pages that are in the main file. Any thread. */
    int appliedPageCount() {
        return appliedPageCount;
    }

    /** Compares a page of the main file with its checksum; null if it is whole, else what is wrong. Any thread. */
    String check(final int page, final byte[] slot) throws IOException {
        final String damage = main.check(page, slot);
        return damage == null ? null : checkAgain(page, slot);
    }

    /** It may have been seen half written. */
    private synchronized String checkAgain(final int page, final byte[] slot) throws IOException {
        return main.check(page, slot);
    }

    /** Bytes of the main file. Any thread. */
    long occupiedBytes() {
        return PageFile.position(appliedPageCount);
    }

    /** Makes the main file durable, so that it needs nothing of the journal so far. Force thread. */
    void settle() throws IOException {
        main.file.force();
        journal.begin(appliedPageCount, versions.sum());
    }

    @Override
    public void close() throws IOException {
        main.close();
        journal.close();
    }
}

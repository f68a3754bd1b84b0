package jetstream.store.mapdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.store.StoreException;
import jetstream.api.store.VerifyReport;

/**
 * Reads all pages of the main file, all entries and all images, beside the running store. Any thread; holds the store's
 * monitor for a chunk of entries at a time.
 */
final class Verification {
    private final MapDbStore store;
    private final Pages pages;
    private final List<String> damages = new ArrayList<>();
    private long entriesRead;

    Verification(final MapDbStore store, final Pages pages) {
        this.store = store;
        this.pages = pages;
    }

    VerifyReport run() {
        checkPages();
        final List<GroupId> groups;
        synchronized (store) {
            groups = List.copyOf(store.groups());
        }
        for (final GroupId group : groups) {
            checkImage(group);
            long next = 0;
            while (next >= 0) {
                next = checkChunk(group, next);
            }
        }
        return new VerifyReport(entriesRead, List.copyOf(damages));
    }

    private void checkPages() {
        final byte[] slot = new byte[PageFile.SLOT_LENGTH];
        for (int page = 0; page < pages.appliedPageCount(); page++) {
            try {
                final String damage = pages.check(page, slot);
                if (damage != null) {
                    damages.add(damage);
                }
            } catch (final IOException e) {
                damages.add("page " + page + " of " + PageFile.NAME + " can not be read: " + e.getMessage());
            }
        }
    }

    private void checkImage(final GroupId group) {
        synchronized (store) {
            final GroupState state = store.stateOf(group);
            final String damage =
                    state == null || state.checkpointRecord == 0 ? null : store.images().check(state);
            if (damage != null) {
                damages.add(damage);
            }
        }
    }

    /** Checks the first chunk at or after that index; returns where to go on, -1 if there is none. */
    private long checkChunk(final GroupId group, final long from) {
        synchronized (store) {
            final EntryTable entries = store.entriesOf(group);
            final Chunk chunk = entries == null ? null : entries.ceiling(from);
            if (chunk == null) {
                return -1;
            }
            for (int slot = 0; slot < Chunk.LENGTH; slot++) {
                if (chunk.isHeld(slot)) {
                    check(group, chunk.firstIndex() + slot);
                }
            }
            return chunk.firstIndex() + Chunk.LENGTH;
        }
    }

    private void check(final GroupId group, final long index) {
        entriesRead++;
        try {
            store.logOf(group).bytes(index);
        } catch (final StoreException.Corrupt e) {
            damages.add(e.getMessage());
        }
    }
}

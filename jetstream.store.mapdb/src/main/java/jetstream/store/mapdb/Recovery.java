package jetstream.store.mapdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens the pages of a directory: replays the journal, then compares every page with its checksum, so that MapDB never
 * sees a page that is not what was written. Owner: the opening thread.
 */
final class Recovery {
    private static final int DAMAGES_NAMED = 5;

    private final Disk disk;
    private final MapDbConfig config;
    private final StoreHealth health;
    private final long tag;
    private final List<String> damages = new ArrayList<>();

    private final PageVersions versions = new PageVersions();
    private PageFile main;
    private DiskFile[] journals;
    private JournalScan newest;
    private boolean mayMissRecords;

    Recovery(final Disk disk, final MapDbConfig config, final StoreHealth health, final long tag) {
        this.disk = disk;
        this.config = config;
        this.health = health;
        this.tag = tag;
    }

    /** Opens and checks the files that lie in that folder, "" for the store's own. */
    Pages open(final String folder) throws IOException {
        final boolean isNew = !exists(folder);
        if (isNew) {
            create(folder);
        }
        main = new PageFile(disk.open(folder + PageFile.NAME), tag);
        journals = new DiskFile[] {disk.open(folder + Journal.nameOf(0)), disk.open(folder + Journal.nameOf(1))};
        boolean isOpen = false;
        try {
            if (!isNew) {
                recover();
            }
            final Pages pages = pages(isNew);
            isOpen = true;
            return pages;
        } finally {
            if (!isOpen) {
                close();
            }
        }
    }

    /** What is wrong with the files; empty if they are whole. The pages are then only good to be read from. */
    List<String> damages() {
        return damages;
    }

    /** Whether the damage may have taken what was forced last, of any group. */
    boolean mayMissRecords() {
        return mayMissRecords;
    }

    /** The first few of them, for the operator. */
    String summary() {
        final String first = String.join("; ", damages.subList(0, Math.min(DAMAGES_NAMED, damages.size())));
        return damages.size() <= DAMAGES_NAMED ? first : first + "; and " + (damages.size() - DAMAGES_NAMED) + " more";
    }

    private boolean exists(final String folder) throws IOException {
        return disk.exists(folder + PageFile.NAME) || disk.exists(folder + Journal.nameOf(0))
                || disk.exists(folder + Journal.nameOf(1));
    }

    /**
     * The first journal gets its name when it has its head, so that a journal without one is a damaged one. It is of
     * generation 2: even numbers are those of this file.
     */
    private void create(final String folder) throws IOException {
        final String draft = folder + Journal.nameOf(0) + ".tmp";
        disk.delete(draft);
        try (DiskFile file = disk.open(draft)) {
            new Journal(new DiskFile[] {file, file}, tag, config.journalLength(), 1, 0).begin(0, 0);
        }
        disk.move(draft, folder + Journal.nameOf(0));
        disk.forceFolder(folder);
    }

    private void recover() throws IOException {
        final JournalScan even = new JournalScan(journals[0], tag);
        final JournalScan odd = new JournalScan(journals[1], tag);
        if (!even.hasHead() && !odd.hasHead()) {
            missing("neither journal has the head of a generation");
            return;
        }
        newest = !odd.hasHead() || even.hasHead() && even.generation() > odd.generation() ? even : odd;
        if (newest.hasGap()) {
            missing(Journal.nameOf((int) (newest.generation() & 1)) + " is damaged behind record "
                    + newest.lastRecord());
        }
        newest.replay(main);
        main.file.force();
        disk.forceFolder("");
        checkPages(newest.lastRecord(), newest.pageCount());
        if (damages.isEmpty() && versions.sum() != newest.versions()) {
            missing("a page of " + PageFile.NAME + " is of an older time than the journal says");
        }
    }

    private void checkPages(final long lastRecord, final int pageCount) throws IOException {
        final byte[] slot = new byte[PageFile.SLOT_LENGTH];
        for (int page = 0; page < pageCount; page++) {
            final String damage = main.check(page, slot);
            if (damage != null) {
                damages.add(damage);
                continue;
            }
            versions.set(page, PageFile.recordOf(slot));
            if (PageFile.recordOf(slot) > lastRecord) {
                missing("page " + page + " of " + PageFile.NAME + " was written by record "
                        + PageFile.recordOf(slot) + ", the journal ends with " + lastRecord);
            }
        }
        if (main.file.length() > PageFile.position(pageCount)) {
            missing(PageFile.NAME + " is longer than the journal says: " + main.file.length() + " bytes, not "
                    + PageFile.position(pageCount));
        }
    }

    /** The pages are whole, but what they hold does not fit together. */
    void inconsistent(final String what) {
        missing(what);
    }

    private void missing(final String what) {
        mayMissRecords = true;
        damages.add(what + ": what was forced last may be missing");
    }

    private Pages pages(final boolean isNew) throws IOException {
        final int pageCount;
        final Journal journal;
        if (newest == null) {
            pageCount = isNew ? 0 : (int) (main.file.length() / PageFile.SLOT_LENGTH);
            journal = new Journal(journals, tag, config.journalLength(), 2, 0);
        } else {
            pageCount = damages.isEmpty() ? newest.pageCount()
                    : Math.max(newest.pageCount(), (int) (main.file.length() / PageFile.SLOT_LENGTH));
            journal = new Journal(journals, tag, config.journalLength(), newest.generation(), newest.lastRecord());
        }
        if (damages.isEmpty()) {
            journal.begin(pageCount, versions.sum());
            disk.forceFolder("");
        }
        return new Pages(main, journal, health, versions, pageCount, config.cacheBytes() / PageFile.PAGE_LENGTH);
    }

    private void close() throws IOException {
        main.close();
        for (final DiskFile journal : journals) {
            journal.close();
        }
    }
}

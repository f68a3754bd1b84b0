package jetstream.testkit.contract;

/** What a medium may do to a store. A plug-in names those that its medium knows; the contract then inflicts them. */
public enum Fault {
    /**
     * The process is killed at any moment: everything that was written is there, forced or not, up to a torn last
     * write.
     */
    TORN_WRITE,
    /** Power is lost: of what was written after the last force any part may be missing, in any order of pages. */
    LOST_UNFORCED,
    /** A bit of a file changes while the store is closed. */
    BIT_FLIP,
    /** There is no room for more. Needs {@link StoreFixture#contextWithRoom}. */
    DISK_FULL
}

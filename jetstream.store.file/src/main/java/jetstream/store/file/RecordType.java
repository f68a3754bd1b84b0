package jetstream.store.file;

import jetstream.api.entry.EntryType;

/**
 * The store's own records. They have the header of an entry, with a type that no entry has; what its fields mean:
 *
 * <pre>
 *   type            group  index          term            body
 *   RETIRE          0      segment        -               -                      the segment holds nothing any more
 *   CHECKPOINT_FILE group  image's index  image's term    long length, int crc   image in a file of its own
 *   STATE           group  last index     history term    see GroupState         everything but entries, as of here
 *   TRUNCATE        group  from           -               -
 *   DISCARD         group  through        its term        -
 *   RESET           group  through        its term        -
 *   DELETE          group  segment        -               -                      segment of the group's first DELETE
 *   BALLOT          group  voted for      term            -
 *   CHECKPOINT      group  image's index  image's term    the image
 *   SEGMENT         0      own number     -               see SegmentRoll        first record of each segment
 *   COPIES          0      count          -               -                      so many entries behind it were moved
 * </pre>
 *
 * An entry behind a COPIES record stood elsewhere before (the cleaner moved it, or a peer gave it back): it says
 * nothing about where its group's log ends or which of its entries are valid.
 */
final class RecordType {
    static final byte COPIES = 0;
    static final byte RETIRE = 6;
    static final byte CHECKPOINT_FILE = 7;
    static final byte STATE = 8;
    static final byte TRUNCATE = 9;
    static final byte DISCARD = 10;
    static final byte RESET = 11;
    static final byte DELETE = 12;
    static final byte BALLOT = 13;
    static final byte CHECKPOINT = 14;
    static final byte SEGMENT = 15;

    private RecordType() {
    }

    static boolean isEntry(final byte type) {
        return type < RETIRE && type > 0 || type >= EntryType.APPLICATION || type < 0;
    }
}

package jetstream.api.entry;

/**
 * What a log entry is to the consensus layer. The byte is the entry's {@code type}; everything from
 * {@link #APPLICATION} on belongs to the state machine of the group and is opaque to consensus and stores. Types 3 to
 * 15 never occur in entries: a store may use them for records of its own.
 */
public final class EntryType {
    /** Appended by a new leader so that entries of older terms commit (Ongaro, thesis 2014, section 6.4). No body. */
    public static final byte NO_OP = 1;
    /** The group's members from this entry on; body written by the consensus plug-in (thesis, section 4). */
    public static final byte MEMBERSHIP = 2;
    /** First type of the state machines. */
    public static final byte APPLICATION = 16;

    private EntryType() {
    }
}

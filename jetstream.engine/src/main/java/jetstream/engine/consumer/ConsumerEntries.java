package jetstream.engine.consumer;

import jetstream.api.entry.EntryType;

/**
 * Entries of a consumer's group (decision 0070). A body starts with one number of eight bytes, little endian; rows
 * follow. A row's sequence is the distance to the row before, folded ({@code 0, -1, 1, -2 …}), with the row's kind in
 * the low bits; all numbers of rows have seven bits per byte.
 *
 * <pre>
 *   START     first stream sequence | resume sequence, then each message of last_per_subject as a row
 *   DELIVERED first consumer sequence | rows: sequence, bit 0: a redelivery, whose delivery count follows
 *   ACKED     0 | rows: sequence, three bits of kind; ACK_ALL: consumer sequence follows
 *   SCANNED   everything before this sequence was delivered or does not match
 *   RESET     next stream sequence to deliver; 0: the one behind the ack floor
 *   PAUSED    epoch nanoseconds until which delivery pauses; 0 to resume
 *   REQUESTS  0 | rows: number of the request, two bits of kind: added (its reply subject follows), gone, all cleared
 *   CONFIG    0 | the configuration, opaque here: the rest of the body
 * </pre>
 */
public final class ConsumerEntries {
    /** Where delivery starts; the first entry that the first leader proposes. */
    public static final byte START = EntryType.APPLICATION;
    /** Messages were delivered. */
    public static final byte DELIVERED = EntryType.APPLICATION + 1;
    /** Messages were acknowledged, terminated, or gave out. */
    public static final byte ACKED = EntryType.APPLICATION + 2;
    /** Nothing matches before a sequence. */
    public static final byte SCANNED = EntryType.APPLICATION + 3;
    /** The consumer starts again at a sequence. */
    public static final byte RESET = EntryType.APPLICATION + 4;
    /** Delivery pauses or resumes. */
    public static final byte PAUSED = EntryType.APPLICATION + 5;
    /** Pull requests came or went; only so that a next leader can tell them. */
    public static final byte REQUESTS = EntryType.APPLICATION + 6;
    /** The configuration was replaced. */
    public static final byte CONFIG = EntryType.APPLICATION + 7;

    /** Flag of DELIVERED: the messages wait for an acknowledgement. The other bits count resets, see {@link #flags}. */
    static final byte TRACKED = 1;
    private static final int GENERATIONS = 0x7f;
    /** Bits of kind in a row of DELIVERED. */
    static final int DELIVERED_KIND_BITS = 1;
    /** Bits of kind in a row of ACKED. */
    static final int ACKED_KIND_BITS = 3;
    /** Kind: this message is acknowledged. */
    static final int ACK = 0;
    /** Kind: this message and all before are acknowledged. */
    static final int ACK_ALL = 1;
    /** Kind: this message will never be delivered again; counts as acknowledged. */
    static final int TERMINATED = 2;
    /** Kind: this message reached {@code max_deliver}. */
    static final int EXHAUSTED = 3;

    private ConsumerEntries() {
    }

    /**
     * Flags of a DELIVERED entry. A delivery that was proposed before a reset and is appended behind it numbers on
     * from what the reset has wiped: it is told by the count of resets that its leader knew, and ignored.
     */
    static byte flags(final boolean tracked, final long generation) {
        return (byte) ((generation & GENERATIONS) << 1 | (tracked ? TRACKED : 0));
    }

    /** Whether a DELIVERED entry with those flags was proposed after that many resets. */
    static boolean isOfGeneration(final byte flags, final long generation) {
        return (flags >> 1 & GENERATIONS) == (generation & GENERATIONS);
    }
}

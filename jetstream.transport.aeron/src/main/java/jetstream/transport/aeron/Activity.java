package jetstream.transport.aeron;

/** What the polling thread must know to choose its next wake-up. Owner: the polling thread. */
final class Activity {
    /** Something was put into a term buffer since the driver last ran: it leaves with the next duty cycle. */
    boolean hasUnsent;
    /** How many bytes of frames that is, of all lanes. */
    int unsentBytes;
    /** Part of a large frame waits for room in its lane. */
    boolean hasUnfinished;
    /** A publication was opened, a stream or a link came or went: drivers exchange a few more words. */
    boolean hasChanged;
    /** Payload moved in a lane other than control since the last look. */
    boolean hasMoved;
}

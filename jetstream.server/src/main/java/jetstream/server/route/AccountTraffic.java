package jetstream.server.route;

/** Message counters of one account. Owner: node thread. */
public final class AccountTraffic {
    private long inMsgs;
    private long inBytes;
    private long outMsgs;
    private long outBytes;
    private long slowConsumers;

    /** Makes counters at zero. */
    public AccountTraffic() {
    }

    /** Counts a message from a client. */
    public void countIn(final int bytes) {
        inMsgs++;
        inBytes += bytes;
    }

    /** Counts a message to a client. */
    public void countOut(final int bytes) {
        outMsgs++;
        outBytes += bytes;
    }

    /** Counts a connection closed for being slow. */
    public void countSlowConsumer() {
        slowConsumers++;
    }

    /** Messages from clients. */
    public long inMsgs() {
        return inMsgs;
    }

    /** Bytes from clients: header blocks and payloads. */
    public long inBytes() {
        return inBytes;
    }

    /** Messages to clients. */
    public long outMsgs() {
        return outMsgs;
    }

    /** Bytes to clients. */
    public long outBytes() {
        return outBytes;
    }

    /** Connections closed for being slow. */
    public long slowConsumers() {
        return slowConsumers;
    }
}

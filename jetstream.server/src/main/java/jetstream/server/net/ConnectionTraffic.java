package jetstream.server.net;

/** Message counters of one connection or of the server. Owner: node thread. */
public final class ConnectionTraffic {
    private long inMsgs;
    private long inBytes;
    private long outMsgs;
    private long outBytes;

    /** Makes counters at zero. */
    public ConnectionTraffic() {
    }

    void countIn(final int bytes) {
        inMsgs++;
        inBytes += bytes;
    }

    void countOut(final int bytes) {
        outMsgs++;
        outBytes += bytes;
    }

    void add(final ConnectionTraffic other) {
        inMsgs += other.inMsgs;
        inBytes += other.inBytes;
        outMsgs += other.outMsgs;
        outBytes += other.outBytes;
    }

    /** Messages from the client. */
    public long inMsgs() {
        return inMsgs;
    }

    /** Bytes from the client: header blocks and payloads. */
    public long inBytes() {
        return inBytes;
    }

    /** Messages to the client. */
    public long outMsgs() {
        return outMsgs;
    }

    /** Bytes to the client: header blocks and payloads. */
    public long outBytes() {
        return outBytes;
    }
}

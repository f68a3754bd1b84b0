package jetstream.server.route;

/** Counters of one link to another server. Owner: node thread. */
public final class RouteTraffic {
    long inMsgs;
    long inBytes;
    long outMsgs;
    long outBytes;
    long droppedMsgs;

    RouteTraffic() {
    }

    /** Messages from the peer. */
    public long inMsgs() {
        return inMsgs;
    }

    /** Bytes of header blocks and payloads from the peer. */
    public long inBytes() {
        return inBytes;
    }

    /** Messages to the peer. */
    public long outMsgs() {
        return outMsgs;
    }

    /** Bytes of header blocks and payloads to the peer. */
    public long outBytes() {
        return outBytes;
    }

    /** Messages that were given up since the link could not take them. */
    public long droppedMsgs() {
        return droppedMsgs;
    }
}

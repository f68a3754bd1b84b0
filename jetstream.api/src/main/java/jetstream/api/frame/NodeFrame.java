package jetstream.api.frame;

/** Between two nodes as wholes; what all groups of the pair share (DESIGN D5). */
public sealed interface NodeFrame extends Frame {
    /**
     * "I live." Sent every heartbeat interval to every peer with common groups; keeps every follower of every group
     * that the sender leads from campaigning.
     *
     * @param bootId random number of the sender's process: groups attached to another boot of it are leaderless
     * @param sentNs the sender's monotonic clock, echoed by the reply: the start of the lease that the reply grants
     */
    record Heartbeat(long bootId, long sentNs) implements NodeFrame {
    }

    /**
     * Answer to a heartbeat.
     *
     * @param bootId boot id of the answering process
     * @param echoBootId the heartbeat's {@code bootId}
     * @param echoSentNs the heartbeat's {@code sentNs}
     * @param fullStores which stores of the answering node have no room for clients' messages: {@link #DURABLE},
     *     {@link #VOLATILE}, both or none
     */
    record HeartbeatReply(long bootId, long echoBootId, long echoSentNs, int fullStores) implements NodeFrame {
        /** The store that keeps ballots. */
        public static final int DURABLE = 1;
        /** The other one. */
        public static final int VOLATILE = 2;
    }
}

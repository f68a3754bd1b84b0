package jetstream.raft.driver;

import jetstream.api.NodeId;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerLink;

/** Another node: its lanes, and what is known of its life. Owner: the shard thread. */
final class Peer {
    final NodeId node;
    final PeerLink control;
    final PeerLink data;
    final PeerLink bulk;
    /** Groups here that follow a leader there. */
    int followed;
    /** Groups led here that have a member there. */
    int led;
    /** Random number of its process; 0 while unknown. */
    long bootId;
    /** When it was last heard, as far as its leadership goes. */
    long heardNs;
    /** Something was heard since the last duty cycle; stamped by the next, which knows the time. */
    boolean heard;
    /** Our time of the newest heartbeat that it answered. */
    long confirmedNs;
    /** Whether it answers heartbeats. */
    boolean answers;
    /** Which of its stores have no room for clients' messages, as its last answer said. */
    int fullStores;

    Peer(final NodeId node, final RaftDriver driver, final long nowNs) {
        this.node = node;
        this.control = driver.link(node, Lane.CONTROL);
        this.data = driver.link(node, Lane.DATA);
        this.bulk = driver.link(node, Lane.BULK);
        this.heardNs = nowNs;
        this.confirmedNs = nowNs;
        this.answers = true;
    }
}

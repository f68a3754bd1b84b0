package jetstream.server.net;

import java.util.List;

/**
 * What is remembered of a closed connection. Immutable but for the traffic counters, which nobody changes any more.
 *
 * @param cid           connection id
 * @param remoteHost    address of the client
 * @param remotePort    its port
 * @param startEpochNs  when it began, wall clock
 * @param lastEpochNs   last activity, wall clock
 * @param stopEpochNs   when it ended, wall clock
 * @param reason        why
 * @param rttNs         last round trip, 0 if not known
 * @param traffic       its messages
 * @param subscriptions patterns at the end
 * @param client        what it told of itself
 * @param stalls        times that it was paused
 */
public record ClosedConnection(long cid, String remoteHost, int remotePort, long startEpochNs, long lastEpochNs,
        long stopEpochNs, ClosedReason reason, long rttNs, ConnectionTraffic traffic,
        List<String> subscriptions, Client client, long stalls) {
    /**
     * What a client told of itself and who it was.
     *
     * @param name     name
     * @param language client library
     * @param version  its version
     * @param user     user; empty if anonymous
     * @param account  account; empty if it was never bound
     */
    public record Client(String name, String language, String version, String user, String account) {
    }
}

package jetstream.server.route;

/** Takes messages for other servers. Node thread; must not block and must copy what it keeps. */
@FunctionalInterface
public interface RouteOutbox {
    /**
     * A message for one peer.
     *
     * @param peer    where to
     * @param account account of the message
     * @param msg     valid during the call
     * @param queues  queue groups that the peer shall serve, possibly none: then it goes to plain subscriptions only
     */
    void forward(PeerRoute peer, Account account, Msg msg, QueueNames queues);
}

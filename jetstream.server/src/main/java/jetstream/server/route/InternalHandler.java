package jetstream.server.route;

/** Takes messages inside the server. Called on the node thread; may publish and subscribe. */
@FunctionalInterface
public interface InternalHandler {
    /**
     * A message of a subscribed subject.
     *
     * @param account      account of the subscription
     * @param originOrNull client that published it; null if it came from a peer or from the server itself
     * @param msg          valid during the call
     */
    void onMessage(Account account, Origin originOrNull, Msg msg);
}

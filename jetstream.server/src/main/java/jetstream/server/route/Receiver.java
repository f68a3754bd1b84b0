package jetstream.server.route;

/** Where a subscription's messages go. Owner: node thread. */
public interface Receiver {
    /**
     * Takes a message.
     *
     * @param subscription which subscription matched
     * @param msg          valid during the call
     * @return false if it was not taken (closed, no echo, denied)
     */
    boolean deliver(Subscription subscription, Msg msg);

    /** Whether it has so much to take already that whoever can should wait. */
    default boolean isCongested() {
        return false;
    }

    /** The subscription has had its last message and was removed. */
    void onEnded(Subscription subscription);
}

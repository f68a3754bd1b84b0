package jetstream.server.route;

/** Turns deliveries into calls of a handler. */
final class InternalReceiver implements Receiver {
    private final InternalHandler handler;

    InternalReceiver(final InternalHandler handler) {
        this.handler = handler;
    }

    @Override
    public boolean deliver(final Subscription subscription, final Msg msg) {
        handler.onMessage(subscription.account(), msg.origin(), msg);
        return true;
    }

    @Override
    public void onEnded(final Subscription subscription) {
        // Internal subscriptions have no limit of messages.
    }
}

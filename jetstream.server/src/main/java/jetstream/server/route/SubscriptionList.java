package jetstream.server.route;

import java.util.Arrays;

/** Subscriptions without order: adding and removing take constant time. Owner: node thread. */
final class SubscriptionList {
    private static final Subscription[] NONE = new Subscription[0];

    private Subscription[] items = NONE;
    private int count;
    private int gossipedCount;

    int count() {
        return count;
    }

    /** How many of them peers are told of. */
    int gossipedCount() {
        return gossipedCount;
    }

    Subscription item(final int index) {
        return items[index];
    }

    void add(final Subscription subscription) {
        if (count == items.length) {
            items = Arrays.copyOf(items, Math.max(2, count * 2));
        }
        subscription.place(count);
        items[count++] = subscription;
        gossipedCount += subscription.isLocalOnly() ? 0 : 1;
    }

    void remove(final Subscription subscription) {
        final int place = subscription.place();
        final Subscription last = items[--count];
        items[place] = last;
        last.place(place);
        items[count] = null;
        gossipedCount -= subscription.isLocalOnly() ? 0 : 1;
    }

    int copyTo(final Subscription[] target, final int position) {
        System.arraycopy(items, 0, target, position, count);
        return position + count;
    }
}

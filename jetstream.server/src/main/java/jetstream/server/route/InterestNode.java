package jetstream.server.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All interest in one pattern: plain subscriptions here, queue groups, and peers with plain subscriptions. */
final class InterestNode {
    private final byte[] subject;
    private final SubscriptionList plain = new SubscriptionList();
    private final List<QueueGroup> groups = new ArrayList<>(1);
    private final List<PeerRoute> peers = new ArrayList<>(1);

    InterestNode(final byte[] subject) {
        this.subject = subject;
    }

    byte[] subject() {
        return subject;
    }

    SubscriptionList plain() {
        return plain;
    }

    List<QueueGroup> groups() {
        return groups;
    }

    List<PeerRoute> peers() {
        return peers;
    }

    boolean isEmpty() {
        return plain.count() == 0 && groups.isEmpty() && peers.isEmpty();
    }

    QueueGroup group(final byte[] name) {
        for (int i = 0; i < groups.size(); i++) {
            if (Arrays.equals(groups.get(i).name(), name)) {
                return groups.get(i);
            }
        }
        return null;
    }

    QueueGroup groupOrNew(final byte[] name) {
        final QueueGroup known = group(name);
        if (known != null) {
            return known;
        }
        final QueueGroup made = new QueueGroup(name);
        groups.add(made);
        return made;
    }

    void dropIfEmpty(final QueueGroup group) {
        if (group.isEmpty()) {
            groups.remove(group);
        }
    }
}

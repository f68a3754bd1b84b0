package jetstream.server.route;

import java.util.Arrays;

/** Members of one queue group of one pattern: local subscriptions and, per peer, how many members it has. */
final class QueueGroup {
    private static final PeerRoute[] NO_PEERS = new PeerRoute[0];

    private final byte[] name;
    private final SubscriptionList locals = new SubscriptionList();
    private PeerRoute[] peers = NO_PEERS;
    private int[] weights = new int[0];
    private int weightSum;

    QueueGroup(final byte[] name) {
        this.name = name;
    }

    byte[] name() {
        return name;
    }

    SubscriptionList locals() {
        return locals;
    }

    boolean isEmpty() {
        return locals.count() == 0 && peers.length == 0;
    }

    boolean hasPeers() {
        return weightSum > 0;
    }

    /** Sets a peer's number of members; 0 removes it. Returns whether anything changed. */
    boolean weight(final PeerRoute peer, final int weight) {
        for (int i = 0; i < peers.length; i++) {
            if (peers[i] == peer) {
                weightSum += weight - weights[i];
                final boolean isChanged = weights[i] != weight;
                weights[i] = weight;
                if (weight == 0) {
                    removeAt(i);
                }
                return isChanged;
            }
        }
        if (weight == 0) {
            return false;
        }
        peers = Arrays.copyOf(peers, peers.length + 1);
        weights = Arrays.copyOf(weights, peers.length);
        peers[peers.length - 1] = peer;
        weights[peers.length - 1] = weight;
        weightSum += weight;
        return true;
    }

    /** Picks a peer, each as likely as its share of members; null if there is none. */
    PeerRoute pickPeer(final int random) {
        if (weightSum == 0) {
            return null;
        }
        int rest = random % weightSum;
        int i = 0;
        while (rest >= weights[i]) {
            rest -= weights[i++];
        }
        return peers[i];
    }

    private void removeAt(final int index) {
        final int last = peers.length - 1;
        peers[index] = peers[last];
        weights[index] = weights[last];
        peers = last == 0 ? NO_PEERS : Arrays.copyOf(peers, last);
        weights = Arrays.copyOf(weights, last);
    }
}

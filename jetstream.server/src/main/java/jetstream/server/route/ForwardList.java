package jetstream.server.route;

import java.util.ArrayList;
import java.util.List;

/** The peers one message has to go to, with the queue groups each has to serve. Reused. Owner: node thread. */
final class ForwardList {
    private final List<PeerRoute> peers = new ArrayList<>();
    private final List<QueueNames> names = new ArrayList<>();

    void clear() {
        peers.clear();
    }

    int count() {
        return peers.size();
    }

    PeerRoute peer(final int index) {
        return peers.get(index);
    }

    QueueNames names(final int index) {
        return names.get(index);
    }

    /** The names for a peer, which is added if it is not there. */
    QueueNames names(final PeerRoute peer) {
        for (int i = 0; i < peers.size(); i++) {
            if (peers.get(i) == peer) {
                return names.get(i);
            }
        }
        peers.add(peer);
        if (names.size() < peers.size()) {
            names.add(new QueueNames());
        }
        final QueueNames made = names.get(peers.size() - 1);
        made.clear();
        return made;
    }
}

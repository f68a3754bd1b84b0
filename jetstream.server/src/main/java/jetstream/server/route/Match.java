package jetstream.server.route;

import java.util.Arrays;
import java.util.List;

/**
 * Who takes messages of one subject: a cached answer of {@link Interest}. While a message is handed out the match is
 * pinned, so that a handler that publishes or subscribes meanwhile cannot change it. Owner: node thread.
 */
final class Match {
    private static final int KEY_SPARE = 32;

    private byte[] key = new byte[KEY_SPARE];
    private int keyLength = -1;
    private long generation;
    private int pins;

    private Subscription[] plain = new Subscription[1];
    private int plainCount;
    private QueueGroup[] groups = new QueueGroup[0];
    private int groupCount;
    private PeerRoute[] peers = new PeerRoute[0];
    private int peerCount;

    boolean isFor(final byte[] subject, final int length) {
        return keyLength == length && Arrays.equals(key, 0, length, subject, 0, length);
    }

    boolean isCurrent(final long now) {
        return generation == now;
    }

    void invalidate() {
        generation = -1;
    }

    boolean isPinned() {
        return pins > 0;
    }

    void pin() {
        pins++;
    }

    void unpin() {
        pins--;
    }

    void fill(final byte[] subject, final int length, final long now, final List<InterestNode> nodes) {
        if (key.length < length) {
            key = new byte[length + KEY_SPARE];
        }
        System.arraycopy(subject, 0, key, 0, length);
        keyLength = length;
        generation = now;
        final int before = plainCount;
        reserve(nodes);
        for (int i = 0; i < nodes.size(); i++) {
            add(nodes.get(i));
        }
        if (before > plainCount) {
            Arrays.fill(plain, plainCount, Math.min(before, plain.length), null);
        }
    }

    private void reserve(final List<InterestNode> nodes) {
        int subscriptions = 0;
        int queues = 0;
        int peersMax = 0;
        for (int i = 0; i < nodes.size(); i++) {
            final InterestNode node = nodes.get(i);
            subscriptions += node.plain().count();
            queues += node.groups().size();
            peersMax += node.peers().size();
        }
        plainCount = 0;
        groupCount = 0;
        peerCount = 0;
        plain = plain.length < subscriptions ? new Subscription[subscriptions] : plain;
        groups = groups.length < queues ? new QueueGroup[queues] : groups;
        peers = peers.length < peersMax ? new PeerRoute[peersMax] : peers;
    }

    private void add(final InterestNode node) {
        plainCount = node.plain().copyTo(plain, plainCount);
        for (int i = 0; i < node.groups().size(); i++) {
            groups[groupCount++] = node.groups().get(i);
        }
        for (int i = 0; i < node.peers().size(); i++) {
            addPeer(node.peers().get(i));
        }
    }

    private void addPeer(final PeerRoute peer) {
        for (int i = 0; i < peerCount; i++) {
            if (peers[i] == peer) {
                return;
            }
        }
        peers[peerCount++] = peer;
    }

    boolean isEmpty() {
        return plainCount + groupCount + peerCount == 0;
    }

    int plainCount() {
        return plainCount;
    }

    Subscription plain(final int index) {
        return plain[index];
    }

    int groupCount() {
        return groupCount;
    }

    QueueGroup group(final int index) {
        return groups[index];
    }

    int peerCount() {
        return peerCount;
    }

    PeerRoute peer(final int index) {
        return peers[index];
    }
}

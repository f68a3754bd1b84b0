package jetstream.engine.meta;

import java.util.List;
import jetstream.api.NodeId;

/**
 * Hashes of what the meta group decided, the same in every process. A configuration takes part by the revision, which
 * is the index of the entry that brought it.
 */
final class MetaHash {
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private MetaHash() {
    }

    static long of(final StreamAssignment stream) {
        long hash = mix(stream.group().value(), stream.revision());
        hash = mix(hash, stream.createdEpochNs());
        hash = mix(mix(hash, stream.account()), stream.name());
        return mix(hash, stream.members());
    }

    static long of(final ConsumerAssignment consumer) {
        long hash = mix(consumer.group().value(), consumer.revision());
        hash = mix(hash, consumer.createdEpochNs());
        hash = mix(mix(mix(hash, consumer.account()), consumer.stream()), consumer.name());
        return mix(hash, consumer.members());
    }

    static long of(final MetaNode node) {
        long hash = mix(mix(0, node.node().value()), node.name());
        for (final String tag : node.tags()) {
            hash = mix(hash, tag);
        }
        return mix(hash, node.life());
    }

    static long ofRemoved(final MetaNode gone) {
        return mix(of(gone), 1);
    }

    private static long mix(final long hash, final GroupPeers members) {
        final long nodes = mix(mix(mix(hash, members.target()), members.leaving()), members.added());
        return mix(nodes, members.isMoving() ? 1 : 0);
    }

    private static long mix(final long hash, final List<NodeId> peers) {
        long mixed = hash;
        for (final NodeId peer : peers) {
            mixed = mix(mixed, peer.value());
        }
        return mixed;
    }

    private static long mix(final long hash, final String text) {
        long mixed = mix(hash, text.length());
        for (int i = 0; i < text.length(); i++) {
            mixed = mix(mixed, text.charAt(i));
        }
        return mixed;
    }

    private static long mix(final long hash, final long value) {
        final long mixed = (hash ^ value) * PRIME;
        return mixed ^ mixed >>> 32;
    }
}

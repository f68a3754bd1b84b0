package jetstream.engine.meta;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.NodeId;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.Retention;
import jetstream.api.config.StreamConfig;

/** Which nodes of its stream a consumer is on (spec/clustering.md sections 1, 3 and 5). Pure. */
public final class ConsumerPeers {
    private ConsumerPeers() {
    }

    /** How many members its group shall have: one for an ephemeral on a limits stream, else what is configured. */
    public static int replicas(final ConsumerConfig config, final StreamConfig stream) {
        if (config.replicas() == 0 && !config.isDurable() && stream.retention() == Retention.LIMITS) {
            return 1;
        }
        return config.replicas() == 0 ? stream.replicas() : Math.min(config.replicas(), stream.replicas());
    }

    /** Its nodes once the stream is on those: the ones it is on already stay, as far as they can, and come first. */
    static List<NodeId> following(final ConsumerAssignment consumer, final StreamConfig stream,
            final List<NodeId> streamPeers) {
        return chosen(consumer.config(), stream, streamPeers, consumer.peers());
    }

    /** Its nodes: of those of the stream first the ones that are preferred. */
    public static List<NodeId> chosen(final ConsumerConfig config, final StreamConfig stream,
            final List<NodeId> streamPeers, final List<NodeId> preferred) {
        final List<NodeId> ordered = new ArrayList<>(preferred.stream().filter(streamPeers::contains).toList());
        streamPeers.stream().filter(node -> !ordered.contains(node)).forEach(ordered::add);
        return List.copyOf(ordered.subList(0, Math.min(replicas(config, stream), ordered.size())));
    }
}

package jetstream.simulator.check;

import java.nio.ByteBuffer;
import java.util.TreeMap;
import jetstream.engine.shard.StreamReplica;
import jetstream.engine.stream.MessageView;
import jetstream.engine.subject.FilterSet;
import jetstream.simulator.load.Stored;
import jetstream.simulator.world.WholeNode;

/**
 * A replica of a stream, read as any reader would.
 *
 * @param node where it is
 * @param stream the replica
 */
public record Replica(WholeNode node, StreamReplica stream) {
    /** Whether all live messages can be read; what is damaged and was not read before is noticed now, and fetched. */
    boolean isWhole() {
        return messages().size() == stream.engine().state().messages() && stream.engine().isReadable();
    }

    /** All live messages by sequence; those before the first one that can not be read. */
    public TreeMap<Long, Stored> messages() {
        final TreeMap<Long, Stored> all = new TreeMap<>();
        final MessageView view = new MessageView();
        long seq = stream.engine().next(FilterSet.ALL, 1);
        while (seq != 0 && stream.engine().isReadable()) {
            if (seq < 0) {
                seq = stream.engine().next(FilterSet.ALL, -seq);
                continue;
            }
            if (stream.engine().message(seq, view)) {
                all.put(seq, Stored.of(bytes(view.buffer(), view.subjectOffset(), view.subjectLength()),
                        bytes(view.buffer(), view.payloadOffset(), view.payloadLength())));
            }
            seq = stream.engine().next(FilterSet.ALL, seq + 1);
        }
        return all;
    }

    private static byte[] bytes(final ByteBuffer buffer, final int offset, final int length) {
        final byte[] copy = new byte[length];
        buffer.get(offset, copy);
        return copy;
    }
}

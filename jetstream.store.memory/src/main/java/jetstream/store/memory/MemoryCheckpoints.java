package jetstream.store.memory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointStore;
import jetstream.api.store.CheckpointWriter;

/** The newest image of each group. Owner: the shard thread. */
final class MemoryCheckpoints implements CheckpointStore {
    private record Image(long index, long term, byte[] bytes) {
    }

    private final MemoryStore store;
    private final Map<GroupId, Image> images = new HashMap<>();

    MemoryCheckpoints(final MemoryStore store) {
        this.store = store;
    }

    @Override
    public Optional<Checkpoint> latest(final GroupId group) {
        final Image image = images.get(group);
        if (image == null) {
            return Optional.empty();
        }
        final ByteBuffer bytes = ByteBuffer.wrap(image.bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return Optional.of(new Checkpoint(image.index, image.term, bytes));
    }

    @Override
    public CheckpointWriter begin(final GroupId group, final long index, final long term) {
        store.checkOpen();
        return new Writer(group, index, term);
    }

    Set<GroupId> groups() {
        return images.keySet();
    }

    void remove(final GroupId group) {
        images.remove(group);
    }

    private final class Writer implements CheckpointWriter {
        private final GroupId group;
        private final long index;
        private final long term;
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Writer(final GroupId group, final long index, final long term) {
            this.group = group;
            this.index = index;
            this.term = term;
        }

        @Override
        public void write(final ByteBuffer source) {
            Invariant.check(bytes != null, "write to a checkpoint that was ended");
            final byte[] copy = new byte[source.remaining()];
            source.get(copy);
            bytes.write(copy, 0, copy.length);
        }

        @Override
        public void commit() {
            Invariant.check(bytes != null, "commit of a checkpoint that was ended");
            images.put(group, new Image(index, term, bytes.toByteArray()));
            bytes = null;
            store.changed();
        }

        @Override
        public void abort() {
            bytes = null;
        }
    }
}

package jetstream.store.mapdb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointStore;
import jetstream.api.store.CheckpointWriter;

/** State images: a record of MapDB each, named by the row of the group. Owner: the shard thread. */
final class MapDbCheckpoints implements CheckpointStore {
    private final MapDbStore store;

    MapDbCheckpoints(final MapDbStore store) {
        this.store = store;
    }

    @Override
    public Optional<Checkpoint> latest(final GroupId group) {
        final GroupState state = store.stateOf(group);
        if (state == null || state.checkpointRecord == 0) {
            return Optional.empty();
        }
        synchronized (store) {
            final String damage = check(state);
            if (damage != null) {
                store.health().log.line(true, damage);
                return Optional.empty();
            }
            final ByteBuffer image = ByteBuffer.wrap(store.read(state.checkpointRecord), 0, state.checkpointLength);
            return Optional.of(new Checkpoint(state.checkpointIndex, state.checkpointTerm,
                    image.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN)));
        }
    }

    /** Null if the image is whole, else what is wrong. */
    String check(final GroupState state) {
        final String what = "group " + state.id + ": checkpoint at index " + state.checkpointIndex + " is damaged: ";
        try {
            final byte[] bytes = store.read(state.checkpointRecord);
            final boolean isWhole = bytes.length >= state.checkpointLength
                    && GroupState.checksum(bytes, 0, state.checkpointLength) == state.checkpointChecksum;
            return isWhole ? null : what + "its checksum differs";
        } catch (final PageDamaged e) {
            return what + e.getMessage();
        }
    }

    @Override
    public CheckpointWriter begin(final GroupId group, final long index, final long term) {
        store.checkHealth();
        return new Writer(group, index, term);
    }

    /** Collects the image in the heap: MapDB takes a record as a whole. */
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
            final byte[] image = bytes.toByteArray();
            synchronized (store) {
                store.checkRoom(image.length, group);
                put(image);
            }
            bytes = null;
        }

        private void put(final byte[] image) {
            final GroupState state = store.group(group);
            final byte[] padded = Database.arrayFor(image.length);
            System.arraycopy(image, 0, padded, 0, image.length);
            final long older = state.checkpointRecord;
            state.checkpointRecord = store.change(database -> {
                if (older != 0) {
                    database.delete(older);
                }
                return database.put(padded);
            });
            state.checkpointIndex = index;
            state.checkpointTerm = term;
            state.checkpointLength = image.length;
            state.checkpointChecksum = GroupState.checksum(image, 0, image.length);
            store.changed(state);
        }

        @Override
        public void abort() {
            bytes = null;
        }
    }
}

package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryLayout;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointStore;
import jetstream.api.store.CheckpointWriter;

/**
 * State images: small ones are records of the log, large ones files that a record announces. A file becomes durable
 * with the force that covers its record: forced, renamed, folder forced, and only then the older file is deleted.
 * Owner: the shard thread; {@link #makeDurable} the force thread.
 */
final class FileCheckpoints implements CheckpointStore {
    /** What a force has still to do once it covers that position. Either part may be missing. */
    private record Pending(long position, CheckpointImage image, SegmentFile file, String obsolete) {
    }

    private final FileStore store;
    private final Disk disk;
    private final StoreHealth health;
    private final long tag;
    private final DataKeys keys;
    private final Map<Long, CheckpointImage> files = new ConcurrentHashMap<>();
    private final Deque<Pending> pending = new ArrayDeque<>();

    FileCheckpoints(final FileStore store, final Disk disk, final StoreHealth health, final long tag,
            final DataKeys keys) {
        this.store = store;
        this.disk = disk;
        this.health = health;
        this.tag = tag;
        this.keys = keys;
    }

    @Override
    public Optional<Checkpoint> latest(final GroupId group) {
        final CheckpointImage image = files.get(group.value());
        final Checkpoint found = image == null ? inline(group) : image.read(disk, tag, keys);
        if (image != null && found == null) {
            health.log.line(true,
                    "group " + group + ": checkpoint file " + image.fileName() + " is missing or damaged");
        }
        return Optional.ofNullable(found);
    }

    @Override
    public CheckpointWriter begin(final GroupId group, final long index, final long term) {
        health.check();
        return new ImageWriter(this, group, index, term, store.config().inlineCheckpointMax());
    }

    /** The image is a record of the log. */
    void commitInline(final GroupId group, final long index, final long term, final ByteBuffer image) {
        store.checkRoom(EntryLayout.HEADER_LENGTH + image.remaining(), group);
        final long position = store.writer().control(RecordType.CHECKPOINT, group.value(), index, term, image);
        store.group(group).state.checkpointPosition = position;
        final CheckpointImage older = files.remove(group.value());
        if (older != null) {
            later(new Pending(position, null, null, older.fileName()));
        }
    }

    /** The image is a file, written whole but not forced. */
    void commitFile(final CheckpointImage image, final SegmentFile file) {
        final GroupId group = new GroupId(image.group);
        store.checkRoom(EntryLayout.HEADER_LENGTH * 2L, group);
        final ByteBuffer body = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        body.putLong(image.length).putInt(image.checksum).flip();
        final long position =
                store.writer().control(RecordType.CHECKPOINT_FILE, image.group, image.index, image.term, body);
        store.group(group).state.checkpointPosition = position;
        final CheckpointImage older = files.put(image.group, image.asDraft());
        final boolean isOther = older != null && older.index != image.index;
        later(new Pending(position, image, file, isOther ? older.fileName() : null));
    }

    /** The group was deleted at that position. */
    void drop(final GroupId group, final long position) {
        final CheckpointImage image = files.remove(group.value());
        if (image != null) {
            later(new Pending(position, null, null, image.fileName()));
        }
    }

    /** Takes over an image that recovery found and checked. */
    void recovered(final CheckpointImage image) {
        files.put(image.group, image);
    }

    void forget(final GroupId group) {
        files.remove(group.value());
    }

    /** A sentence for each image file in use that can not be read. Any thread. */
    List<String> damages() {
        final List<String> damages = new ArrayList<>();
        for (final CheckpointImage image : files.values()) {
            // The newest of its group still: one that was replaced meanwhile may be gone.
            if (image.read(disk, tag, keys) == null && files.get(image.group) == image) {
                damages.add("checkpoint file " + image.fileName() + " is missing or damaged");
            }
        }
        return damages;
    }

    Disk disk() {
        return disk;
    }

    StoreHealth health() {
        return health;
    }

    /** Null if the store is not encrypted. */
    DataKeys keys() {
        return keys;
    }

    long tag() {
        return tag;
    }

    /** Whether a force has still work to do here. */
    boolean hasPending() {
        synchronized (pending) {
            return !pending.isEmpty();
        }
    }

    /** The log is durable through that ticket: now the files that its records announce. Force thread. */
    void makeDurable(final long ticket) throws IOException {
        for (Pending next = poll(ticket); next != null; next = poll(ticket)) {
            if (next.image != null) {
                next.file.force();
                next.file.close();
                next.image.publish(disk);
                disk.forceFolder(CheckpointImage.FOLDER);
            }
            if (next.obsolete != null) {
                disk.delete(next.obsolete);
            }
        }
    }

    private Pending poll(final long ticket) {
        synchronized (pending) {
            return !pending.isEmpty() && pending.getFirst().position < ticket ? pending.removeFirst() : null;
        }
    }

    private void later(final Pending next) {
        synchronized (pending) {
            pending.add(next);
        }
    }

    private Checkpoint inline(final GroupId group) {
        final FileGroup known = store.find(group);
        if (known == null || known.state.checkpointPosition == 0) {
            return null;
        }
        final long position = known.state.checkpointPosition;
        final ByteBuffer unwritten = store.writer().unwritten(position);
        final Window window = unwritten != null ? new Window(unwritten, null, store.writer().blockStart())
                : store.segment(position).intact(Position.offset(position));
        if (window == null) {
            health.log.line(true, "group " + group + ": checkpoint at " + Position.text(position) + " is damaged");
            return null;
        }
        final ByteBuffer bytes = window.bytes();
        final int offset = window.at(Position.offset(position));
        final int length = EntryLayout.bodyLength(bytes, offset);
        final ByteBuffer image = ByteBuffer.allocate(length).put(0, bytes, offset + EntryLayout.HEADER_LENGTH, length);
        return new Checkpoint(EntryLayout.index(bytes, offset), EntryLayout.term(bytes, offset),
                image.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }
}

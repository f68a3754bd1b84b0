package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import jetstream.api.GroupId;
import jetstream.api.Invariant;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.StoreException;

/** Collects an image in memory, and in a file from a certain length on. Owner: the shard thread. */
final class ImageWriter implements CheckpointWriter {
    private final FileCheckpoints checkpoints;
    private final GroupId group;
    private final long index;
    private final long term;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer memory;
    private SegmentFile file;
    private ImagePieces pieces;
    private long length;
    private boolean isEnded;

    ImageWriter(final FileCheckpoints checkpoints, final GroupId group, final long index, final long term,
            final int inlineMax) {
        this.checkpoints = checkpoints;
        this.group = group;
        this.index = index;
        this.term = term;
        memory = ByteBuffer.allocate(inlineMax);
    }

    @Override
    public void write(final ByteBuffer bytes) {
        Invariant.check(!isEnded, "write to a checkpoint that was ended");
        crc.update(bytes.duplicate());
        final int added = bytes.remaining();
        try {
            if (file == null && memory.remaining() >= added) {
                memory.put(bytes);
            } else {
                spill();
                pieces.write(bytes);
            }
        } catch (final IOException e) {
            throw refused(e);
        }
        length += added;
    }

    @Override
    public void commit() {
        Invariant.check(!isEnded, "commit of a checkpoint that was ended");
        if (file == null) {
            checkpoints.commitInline(group, index, term, memory.flip());
            isEnded = true;
            return;
        }
        final CheckpointImage image = new CheckpointImage(group.value(), index, term, length, (int) crc.getValue());
        try {
            pieces.end();
            file.write(image.header(checkpoints.tag(), pieces.keyId(), pieces.salt()), 0);
        } catch (final IOException e) {
            throw refused(e);
        }
        checkpoints.commitFile(image, file);
        isEnded = true;
    }

    @Override
    public void abort() {
        if (!isEnded && file != null) {
            try {
                file.close();
                checkpoints.disk().delete(CheckpointImage.draftName(group.value(), index));
            } catch (final IOException e) {
                checkpoints.health().log.line(true, "draft of a checkpoint could not be deleted: " + e.getMessage());
            }
        }
        isEnded = true;
    }

    private void spill() throws IOException {
        if (file == null) {
            // A draft of the same index that a crash left, or that its owner forgot.
            checkpoints.disk().delete(CheckpointImage.draftName(group.value(), index));
            file = checkpoints.disk().create(CheckpointImage.draftName(group.value(), index), 0);
            pieces = new ImagePieces(file, checkpoints.keys(), group.value(), index);
            pieces.write(memory.flip());
        }
    }

    private StoreException refused(final IOException e) {
        final String what = "write of a checkpoint of group " + group;
        if (StoreHealth.saysFull(e)) {
            abort();
            return new StoreException.Full(what + ": no room; the older one stays", e);
        }
        return checkpoints.health().fail(what, e);
    }
}

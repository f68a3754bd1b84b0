package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jetstream.api.GroupId;
import jetstream.api.entry.EntryLayout;

/**
 * Finds the newest whole checkpoint of each group: a record of the log, or the file that a record announces. Owner: the
 * opening thread.
 */
final class CheckpointRecovery {
    private final FileStore store;
    private final Replay replay;
    private final long tag;
    private final Set<String> wanted = new HashSet<>();

    CheckpointRecovery(final FileStore store, final Replay replay, final long tag) {
        this.store = store;
        this.replay = replay;
        this.tag = tag;
    }

    void run() throws IOException {
        for (final Map.Entry<Long, List<Long>> found : replay.checkpoints.entrySet()) {
            choose(new GroupId(found.getKey()), found.getValue());
        }
    }

    private void choose(final GroupId group, final List<Long> positions) throws IOException {
        for (int i = positions.size() - 1; i >= 0; i--) {
            if (isWhole(group, positions.get(i))) {
                store.group(group).state.checkpointPosition = positions.get(i);
                if (i < positions.size() - 1) {
                    store.health().log.line(true, "group " + group + ": its newest checkpoint is missing or damaged,"
                            + " an older one is used");
                }
                return;
            }
        }
        store.health().log.line(true, "group " + group + ": no checkpoint that was announced can be read");
    }

    private boolean isWhole(final GroupId group, final long position) throws IOException {
        final Segment segment = store.segment(position);
        final Window window = segment.intact(Position.offset(position));
        if (window == null) {
            return false;
        }
        final ByteBuffer bytes = window.bytes();
        final int offset = window.at(Position.offset(position));
        if (EntryLayout.type(bytes, offset) == RecordType.CHECKPOINT) {
            return true;
        }
        final int body = offset + EntryLayout.HEADER_LENGTH;
        final CheckpointImage image = new CheckpointImage(group.value(), EntryLayout.index(bytes, offset),
                EntryLayout.term(bytes, offset), bytes.getLong(body), bytes.getInt(body + Long.BYTES));
        final Disk disk = store.checkpointFiles().disk();
        if (image.read(disk, tag, store.checkpointFiles().keys()) == null && !adoptDraft(image.asDraft(), disk)) {
            return false;
        }
        store.checkpointFiles().recovered(image);
        wanted.add(image.fileName());
        return true;
    }

    /** A crash came between the force of the log and that of the file, and left it whole. */
    private boolean adoptDraft(final CheckpointImage draft, final Disk disk) throws IOException {
        if (draft.read(disk, tag, store.checkpointFiles().keys()) == null) {
            return false;
        }
        try (SegmentFile file = disk.open(CheckpointImage.draftName(draft.group, draft.index))) {
            file.force();
        }
        draft.publish(disk);
        disk.forceFolder(CheckpointImage.FOLDER);
        return true;
    }

    /**
     * Drafts, and files that a newer checkpoint or a delete made superfluous; whatever may still be of use stays. Only
     * when the log that says so is durable: before, a loss of power could bring back the record of what was deleted.
     */
    void deleteOthers() throws IOException {
        final Disk disk = store.checkpointFiles().disk();
        for (final String file : disk.list(CheckpointImage.FOLDER)) {
            final String name = CheckpointImage.FOLDER + "/" + file;
            if (!wanted.contains(name) && (file.endsWith(".tmp") || isSuperfluous(file))) {
                disk.delete(name);
            }
        }
    }

    private boolean isSuperfluous(final String file) {
        if (!file.matches("[0-9a-f]{16}-[0-9a-f]{16}\\.img")) {
            return false;
        }
        final long group = Long.parseUnsignedLong(file.substring(0, 16), 16);
        final FileGroup known = store.find(group);
        return known == null ? store.recycler().isDeleted(group) : known.state.checkpointPosition != 0;
    }
}

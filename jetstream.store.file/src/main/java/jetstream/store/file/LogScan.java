package jetstream.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jetstream.api.entry.EntryLayout;

/**
 * First half of recovery: which segment files make up the log, how far it was forced for certain, and where it ends.
 * Changes nothing. Owner: the opening thread.
 */
final class LogScan {
    private static final String SUFFIX = ".seg";

    /** Segments of the log by number, without those that were retired. */
    final TreeMap<Long, SegmentScan> segments = new TreeMap<>();
    /** Files that no segment uses. */
    final List<Segment> unused = new ArrayList<>();
    /** Numbers of segments that should be there and are not. */
    final List<Long> missing = new ArrayList<>();
    /** Highest number that any file has. */
    long highestSeq;
    /** Everything before was durable. */
    long forcedThrough;
    /** Where the log ends because what follows was never completed; {@code Long.MAX_VALUE} if it ends cleanly. */
    long cut = Long.MAX_VALUE;

    private final Disk disk;
    private final long tag;
    private final StoreHealth health;
    private final SegmentSetup setup;
    /** Names of the index files that are there. */
    final Set<String> indexFiles = new HashSet<>();

    /** Names of compressed files that were not finished. */
    final Set<String> drafts = new HashSet<>();

    private final Map<Long, Integer> manifest = new HashMap<>();
    private boolean hasManifest;

    /** The mark says through which position the log was forced at least. */
    LogScan(final Disk disk, final SegmentSetup setup, final StoreHealth health, final long mark) {
        this.disk = disk;
        tag = setup.tag();
        this.health = health;
        this.setup = setup;
        forcedThrough = mark;
        highestSeq = Position.segmentSeq(mark);
    }

    void run() throws IOException {
        for (final long seq : numbersDescending()) {
            highestSeq = Math.max(highestSeq, seq);
            scan(seq);
        }
        findForcedThrough();
        findLostEnd();
        findMissing();
        findCut();
        dropRetired();
    }

    /** Number of the newest segment of the log, 0 if there is none. */
    long highestLogSeq() {
        return segments.isEmpty() ? 0 : segments.lastKey();
    }

    private List<Long> numbersDescending() throws IOException {
        final List<Long> numbers = new ArrayList<>();
        for (final String name : disk.list("")) {
            if (name.endsWith(".idx")) {
                indexFiles.add(name);
            } else if (name.endsWith(SUFFIX + Compressor.DRAFT_SUFFIX)) {
                drafts.add(name);
            }
            if (name.endsWith(SUFFIX) && name.matches("[0-9a-f]{16}\\.seg")) {
                numbers.add(Long.parseUnsignedLong(name.substring(0, name.length() - SUFFIX.length()), 16));
            }
        }
        numbers.sort(Comparator.reverseOrder());
        return numbers;
    }

    private void scan(final long seq) throws IOException {
        final String name = Segment.nameOf(seq);
        final SegmentFile file = disk.open(name);
        final Segment segment = new Segment(seq, name, file, (int) file.length(), setup);
        if (hasManifest && !manifest.containsKey(seq)) {
            unused.add(segment);
            return;
        }
        final SegmentScan scan = new SegmentScan(segment, tag);
        final SealedIndex index = indexOf(segment, manifest.getOrDefault(seq, -1));
        if (index == null || !scan.run(index)) {
            scan.run(manifest.getOrDefault(seq, -1));
        }
        if (scan.blockCount == 0 && !manifest.containsKey(seq) && seq != Position.segmentSeq(forcedThrough)) {
            unused.add(segment);
            return;
        }
        segments.put(seq, scan);
        // Not from a block that is torn: what it takes for granted may be cut with it.
        if (!hasManifest && scan.manifest() >= 0 && scan.isWhole(0)) {
            readManifest(scan);
        }
    }

    /** Null if there is none to be believed; the segment is read then, and gets another one. */
    private SealedIndex indexOf(final Segment segment, final int knownEnd) {
        if (!indexFiles.contains(SealedIndex.nameOf(segment.seq)) || segment.capacity < BlockLayout.HEADER_LENGTH) {
            return null;
        }
        try {
            final SealedIndex index = SealedIndex.open(disk, segment, tag);
            return index == null || knownEnd >= 0 && index.end != knownEnd ? null : index;
        } catch (final IOException e) {
            health.log.line(true, "index of segment " + segment.name + " can not be read: " + e.getMessage());
            return null;
        }
    }

    private void readManifest(final SegmentScan scan) {
        hasManifest = true;
        final int body = scan.manifest();
        final ByteBuffer bytes = scan.window(0).bytes();
        for (int row = 0; row < SegmentRoll.count(bytes, body); row++) {
            manifest.put(SegmentRoll.seq(bytes, body, row), SegmentRoll.end(bytes, body, row));
        }
    }

    private void findForcedThrough() {
        for (final SegmentScan scan : segments.values()) {
            forcedThrough = Math.max(forcedThrough, scan.forcedThrough);
        }
    }

    /** The log was forced further than anything intact stands. */
    private void findLostEnd() {
        final long seq = Position.segmentSeq(forcedThrough);
        final SegmentScan holder = segments.get(seq);
        if (holder != null) {
            holder.extendTo(Position.offset(forcedThrough));
        } else if (seq > highestLogSeq()) {
            missing.add(seq);
        }
    }

    private void findMissing() {
        for (final long seq : manifest.keySet()) {
            if (!segments.containsKey(seq)) {
                missing.add(seq);
                if (Position.of(seq, 0) >= forcedThrough) {
                    cut = Math.min(cut, Position.of(seq, 0));
                }
            }
        }
    }

    /**
     * The first place behind the forced position at which anything is not whole: from there on nothing was promised.
     */
    private void findCut() {
        for (final SegmentScan scan : segments.tailMap(Position.segmentSeq(forcedThrough), true).values()) {
            final long seq = scan.segment.seq;
            for (final SegmentScan.Gap gap : scan.gaps) {
                if (Position.of(seq, gap.from()) >= forcedThrough) {
                    cut = Math.min(cut, Position.of(seq, gap.from()));
                }
            }
            for (int block = 0; block < scan.blockCount; block++) {
                final long position = Position.of(seq, scan.offset(block));
                if (position >= forcedThrough && position < cut && !scan.isWhole(block)) {
                    cut = position;
                }
            }
        }
    }

    private void dropRetired() {
        final Set<Long> retired = new HashSet<>();
        for (final SegmentScan scan : segments.values()) {
            if (scan.index != null) {
                addRetired(scan.index, retired);
            }
            for (int block = 0; scan.mayRetire && block < scan.blockCount; block++) {
                if (Position.of(scan.segment.seq, scan.offset(block)) < cut && scan.hasRetireRecord(block)) {
                    addRetired(scan, block, retired);
                }
            }
        }
        for (final long seq : retired) {
            final SegmentScan scan = segments.remove(seq);
            if (scan != null) {
                unused.add(scan.segment);
            }
            missing.remove(seq);
        }
        for (final long seq : missing) {
            health.log.line(true, "segment file " + Segment.nameOf(seq) + " is missing; entries in it are lost here");
        }
    }

    private static void addRetired(final SealedIndex index, final Set<Long> retired) {
        for (final SealedIndex.GroupItems items : index.groups()) {
            if (items.group() != 0) {
                return;
            }
            for (final IndexItem item : items.items()) {
                if (item.type() == RecordType.RETIRE) {
                    retired.add(item.first());
                }
            }
        }
    }

    private static void addRetired(final SegmentScan scan, final int block, final Set<Long> retired) {
        final Window window = scan.window(block);
        final int limit = scan.limit(block);
        int offset = scan.offset(block) + BlockLayout.HEADER_LENGTH;
        while (window != null && window.isHeaderIntact(offset, limit)) {
            final int at = window.at(offset);
            if (EntryLayout.type(window.bytes(), at) == RecordType.RETIRE) {
                retired.add(EntryLayout.index(window.bytes(), at));
            }
            offset += EntryLayout.entryLength(window.bytes(), at);
        }
    }
}

package jetstream.store.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jetstream.api.store.VerifyReport;

/** Reads all records of all segments and all checkpoint files, beside the running store. Any thread. */
final class Verification {
    private final SegmentTable segments;
    private final FileCheckpoints checkpoints;
    private final long tag;
    private final List<String> damages = new ArrayList<>();
    private long entriesRead;

    Verification(final SegmentTable segments, final FileCheckpoints checkpoints, final long tag) {
        this.segments = segments;
        this.checkpoints = checkpoints;
        this.tag = tag;
    }

    VerifyReport run() {
        for (final Segment segment : segments.snapshot()) {
            final SegmentCheck check = new SegmentCheck(segment, tag);
            while (!check.isDone()) {
                check.run(Integer.MAX_VALUE);
            }
            // Emptied and overwritten meanwhile: what was seen says nothing.
            if (Arrays.asList(segments.snapshot()).contains(segment)) {
                check.damages().forEach(damage -> damages.add(damage.text()));
                entriesRead += check.entriesRead();
            }
        }
        damages.addAll(checkpoints.damages());
        return new VerifyReport(entriesRead, List.copyOf(damages));
    }
}

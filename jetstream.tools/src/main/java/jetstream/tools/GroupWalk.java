package jetstream.tools;

import java.util.Arrays;
import jetstream.api.entry.EntryView;
import jetstream.api.store.GroupLog;

/**
 * Indexes of a group's live records below its history. A store does not list them: they are asked for one by one,
 * newest first, until their bytes add up to what the log says is live.
 */
final class GroupWalk {
    private GroupWalk() {
    }

    /** Those indexes, ascending. */
    static long[] records(final GroupLog log) {
        final EntryView view = new EntryView();
        long missing = log.liveBytes();
        for (long index = log.firstHistoryIndex(); index <= log.lastIndex(); index++) {
            missing -= log.record(index, view) ? view.length() : 0;
        }
        long[] found = new long[64];
        int count = 0;
        for (long index = log.firstHistoryIndex() - 1; index > 0 && missing > 0; index--) {
            if (log.record(index, view)) {
                missing -= view.length();
                if (count == found.length) {
                    found = Arrays.copyOf(found, count * 2);
                }
                found[count++] = index;
            }
        }
        final long[] ascending = new long[count];
        for (int i = 0; i < count; i++) {
            ascending[i] = found[count - 1 - i];
        }
        return ascending;
    }
}

package jetstream.engine.stream;

import java.util.List;
import jetstream.engine.subject.FilterSet;

/** What a purge removes (spec/jetstream-api.md section 3). Owner: the shard thread. */
final class PurgeRules {
    private final StreamContents contents;
    private final StoredMessages messages;
    private final StreamQueries queries;
    private final MessageIntake intake;

    PurgeRules(final StreamContents contents, final StreamQueries queries, final MessageIntake intake) {
        this.contents = contents;
        this.queries = queries;
        this.intake = intake;
        messages = contents.messages();
    }

    /**
     * Removes what a purge means.
     *
     * @param pattern of subjects; empty for all
     * @param below so far, exclusive; 0 for no bound
     * @param keep so many of the newest that match stay; 0 for none
     * @return how many messages it removed
     */
    long apply(final String pattern, final long below, final long keep) {
        final FilterSet filter = pattern.isEmpty() ? FilterSet.ALL : FilterSet.of(List.of(pattern));
        if (!filter.isAll()) {
            return purgeMatching(filter, below == 0 ? Long.MAX_VALUE : below, keep);
        }
        if (keep > 0) {
            return keep >= messages.count() ? 0 : contents.removeBelow(seqWithNewer(keep), RemovalReason.PURGE);
        }
        // A purge up to a sequence that was not given yet uses up the sequences before it.
        if (below > intake.lastSeq() + 1) {
            intake.lastSeq(below - 1);
        }
        return contents.removeBelow(below == 0 ? intake.lastSeq() + 1 : below, RemovalReason.PURGE);
    }

    /** The live sequence from which on there are exactly that many. */
    private long seqWithNewer(final long keep) {
        long seq = messages.sequences().last();
        for (long i = 1; i < keep; i++) {
            seq = messages.sequences().previousLive(seq - 1);
        }
        return seq;
    }

    private long purgeMatching(final FilterSet filter, final long below, final long keep) {
        long left = keep == 0 ? Long.MAX_VALUE : Math.max(0, queries.pending(filter, 0) - keep);
        long purged = 0;
        long seq = nextMatch(filter, 0);
        while (left > 0 && seq != 0 && seq < below) {
            contents.remove(seq, RemovalReason.PURGE);
            purged++;
            left--;
            seq = nextMatch(filter, seq + 1);
        }
        return purged;
    }

    private long nextMatch(final FilterSet filter, final long fromSeq) {
        long found = queries.next(filter, fromSeq);
        while (found < 0) {
            found = queries.next(filter, -found);
        }
        return found;
    }
}

package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.Invariant;
import jetstream.api.store.GroupLog;
import jetstream.engine.subject.FilterSet;
import jetstream.engine.subject.SubjectIndex;

/**
 * The live messages of a stream: where each lies in the log, the chain of messages of each subject, and the sums. Knows
 * no rule. Whatever is taken out is freed in the log.
 *
 * <p>Invariants: (I1) the messages of a subject form one chain in ascending order, whose ends and length the subject
 * index knows; (I2) a subject without messages has no id; (I3) raft indexes ascend with sequences. Owner: the shard
 * thread.
 */
final class StoredMessages {
    private static final int FLAG_BITS = 1;
    private static final int UNMARKED = 1;
    private static final int FILTERS_MAX = 1024;
    private static final byte[] NO_NAME = new byte[0];

    private final SequenceIndex sequences = new SequenceIndex();
    private final SubjectIndex subjects = new SubjectIndex();
    private final List<FilterMatches> filters = new ArrayList<>();
    private final Map<FilterSet, FilterMatches> matchesOf = new IdentityHashMap<>();
    private final GroupLog log;
    private FilterMatches recent;
    private long uses;
    private long bytes;

    StoredMessages(final GroupLog log) {
        this.log = log;
    }

    SequenceIndex sequences() {
        return sequences;
    }

    SubjectIndex subjects() {
        return subjects;
    }

    long count() {
        return sequences.count();
    }

    /** Footprint of all. */
    long bytes() {
        return bytes;
    }

    /** First live sequence; 0 if there is none. */
    long first() {
        return sequences.first();
    }

    boolean isLive(final long seq) {
        return sequences.find(seq) != null;
    }

    /** Id for the subject of a message that will be stored now. */
    int subjectId(final ByteBuffer buffer, final int offset, final int length) {
        final int before = subjects.size();
        final int id = subjects.findOrAdd(buffer, offset, length);
        if (subjects.size() != before) {
            for (int i = 0; i < filters.size(); i++) {
                filters.get(i).forget(id);
            }
        }
        return id;
    }

    /**
     * Adds a message.
     *
     * @param id from {@link #subjectId}
     * @param unmarked no delete marker follows when it grows too old
     */
    void store(final long seq, final long index, final long epochNs, final int id, final int footprint,
            final boolean unmarked) {
        final SequenceBlock block = sequences.append(seq, index, epochNs, id,
                footprint << FLAG_BITS | (unmarked ? UNMARKED : 0));
        final long count = subjects.count(id);
        if (count > 0) {
            final long before = subjects.last(id);
            block.previousAt(block.placeOf(seq), seq - before);
            final SequenceBlock other = sequences.find(before);
            other.followingAt(other.placeOf(before), seq - before);
        }
        subjects.set(id, count + 1, count == 0 ? seq : subjects.first(id), seq);
        bytes += footprint;
    }

    /** Takes a live message out and frees its record. */
    void remove(final long seq) {
        final long index = indexOf(seq);
        unlink(seq);
        log.free(index, index);
    }

    private void unlink(final long seq) {
        final SequenceBlock block = sequences.find(seq);
        final int place = block.placeOf(seq);
        final int id = block.subjectAt(place);
        final long back = block.previousAt(place);
        final long ahead = block.followingAt(place);
        for (int i = 0; i < filters.size(); i++) {
            filters.get(i).onRemoved(seq, id);
        }
        bytes -= block.sizeAt(place) >> FLAG_BITS;
        if (back != 0) {
            final SequenceBlock before = sequences.find(seq - back);
            before.followingAt(before.placeOf(seq - back), ahead == 0 ? 0 : back + ahead);
        }
        if (ahead != 0) {
            final SequenceBlock after = sequences.find(seq + ahead);
            after.previousAt(after.placeOf(seq + ahead), back == 0 ? 0 : back + ahead);
        }
        sequences.remove(seq);
        final long count = subjects.count(id) - 1;
        Invariant.check(count == 0 == (back == 0 && ahead == 0), "chain and count of a subject differ at sequence",
                seq);
        if (count == 0) {
            subjects.remove(id);
        } else {
            subjects.set(id, count, back == 0 ? seq + ahead : subjects.first(id),
                    ahead == 0 ? seq - back : subjects.last(id));
        }
    }

    /** Takes out all messages below that sequence and frees their records. Returns how many they were. */
    long removeBelow(final long seq) {
        if (count() == 0 || seq <= first()) {
            return 0;
        }
        final long through = indexOf(sequences.previousLive(seq - 1));
        final long from = indexOf(first());
        final long before = count();
        if (seq > sequences.last()) {
            sequences.clear();
            subjects.clear();
            bytes = 0;
            for (final FilterMatches matches : filters) {
                matches.forgetAll();
            }
        } else {
            while (count() > 0 && first() < seq) {
                unlink(first());
            }
        }
        log.free(from, through);
        return before - count();
    }

    /** Raft index of a live message. */
    long indexOf(final long seq) {
        final SequenceBlock block = live(seq);
        return block.indexAt(block.placeOf(seq));
    }

    long timeOf(final long seq) {
        final SequenceBlock block = live(seq);
        return block.timeAt(block.placeOf(seq));
    }

    int subjectOf(final long seq) {
        final SequenceBlock block = live(seq);
        return block.subjectAt(block.placeOf(seq));
    }

    int footprintOf(final long seq) {
        final SequenceBlock block = live(seq);
        return block.sizeAt(block.placeOf(seq)) >> FLAG_BITS;
    }

    /** Whether no delete marker follows that message when it grows too old. */
    boolean isUnmarked(final long seq) {
        final SequenceBlock block = live(seq);
        return (block.sizeAt(block.placeOf(seq)) & UNMARKED) != 0;
    }

    /** Next live message on the same subject; 0 if there is none. */
    long following(final long seq) {
        final SequenceBlock block = live(seq);
        final long ahead = block.followingAt(block.placeOf(seq));
        return ahead == 0 ? 0 : seq + ahead;
    }

    /** Live message before on the same subject; 0 if there is none. */
    long previous(final long seq) {
        final SequenceBlock block = live(seq);
        final long back = block.previousAt(block.placeOf(seq));
        return back == 0 ? 0 : seq - back;
    }

    private SequenceBlock live(final long seq) {
        final SequenceBlock block = sequences.find(seq);
        Invariant.check(block != null, "sequence is not live", seq);
        return block;
    }

    void clear() {
        sequences.clear();
        subjects.clear();
        bytes = 0;
        for (final FilterMatches matches : filters) {
            matches.forgetAll();
        }
    }

    /**
     * What is known of that filter set; remembered as long as it is asked now and then. Not for the set of everything.
     */
    FilterMatches matches(final FilterSet filter) {
        if (recent != null && recent.filter() == filter) {
            return recent;
        }
        uses++;
        final FilterMatches known = matchesOf.get(filter);
        if (known != null) {
            recent = known;
        } else {
            if (filters.size() == FILTERS_MAX) {
                forgetLeastUsed();
            }
            recent = new FilterMatches(filter, subjects);
            filters.add(recent);
            matchesOf.put(filter, recent);
        }
        recent.lastUse(uses);
        return recent;
    }

    private void forgetLeastUsed() {
        int least = 0;
        for (int i = 1; i < filters.size(); i++) {
            if (filters.get(i).lastUse() < filters.get(least).lastUse()) {
                least = i;
            }
        }
        matchesOf.remove(filters.get(least).filter());
        filters.set(least, filters.getLast());
        filters.removeLast();
    }

    /**
     * Writes the indexes as they are: ids and columns are functions of the applied entries, and copying them costs a
     * tenth of writing message by message.
     */
    void write(final ImageWriter out) {
        out.number(bytes);
        out.number(subjects.idLimit());
        for (int id = 0; id < subjects.idLimit(); id++) {
            final byte[] name = subjects.name(id);
            out.bytes(name == null ? NO_NAME : name, name == null ? 0 : name.length);
            out.number(subjects.count(id));
            out.number(subjects.first(id));
            out.number(subjects.last(id));
        }
        final int[] free = subjects.freeIds();
        for (final int id : free) {
            out.number(id);
        }
        sequences.write(out);
    }

    /** Replaces all by what was written, and frees whatever else the log has through that index. */
    void read(final ImageReader in, final long throughIndex) {
        clear();
        bytes = in.number();
        final int idLimit = (int) in.number();
        int freeCount = 0;
        for (int id = 0; id < idLimit; id++) {
            final byte[] name = in.bytes();
            freeCount += name.length == 0 ? 1 : 0;
            subjects.load(id, name.length == 0 ? null : name);
            subjects.set(id, in.number(), in.number(), in.number());
        }
        for (int i = 0; i < freeCount; i++) {
            subjects.loadFree((int) in.number());
        }
        sequences.read(in);
        long index = 0;
        for (long seq = first(); seq != 0; seq = sequences.nextLive(seq + 1)) {
            final long next = indexOf(seq);
            freeBetween(index, next);
            index = next;
        }
        freeBetween(index, throughIndex + 1);
    }

    private void freeBetween(final long below, final long above) {
        if (above - below > 1) {
            log.free(below + 1, above - 1);
        }
    }
}

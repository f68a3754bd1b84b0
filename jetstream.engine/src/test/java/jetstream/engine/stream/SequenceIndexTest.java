package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index over many blocks, dense and sparse, against a sorted map. */
class SequenceIndexTest {
    private record Known(long index, long time, int subject, int size, long previous, long following) {
    }

    private final SequenceIndex index = new SequenceIndex();
    private final TreeMap<Long, Known> model = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void indexIsASortedMap(final long seed) {
        final Random random = new Random(seed);
        long seq = random.nextInt(3) * 1_000_000_000_000L;
        long raftIndex = 0;
        for (int round = 0; round < 60; round++) {
            final int appends = random.nextInt(3_000);
            for (int i = 0; i < appends; i++) {
                seq += random.nextInt(100) == 0 ? 1 + random.nextInt(20_000) : 1;
                raftIndex += random.nextInt(50) == 0 ? 1 + random.nextInt(300) : 1;
                append(random, seq, raftIndex);
            }
            thinOut(random, round % 3);
            compare(random, "seed " + seed + " round " + round);
        }
    }

    private void append(final Random random, final long seq, final long raftIndex) {
        final Known known = new Known(raftIndex,
                1_700_000_000_000_000_000L + random.nextInt(1 << random.nextInt(31)) * 1_000L,
                random.nextInt(1 << random.nextInt(18)), random.nextInt(1 << random.nextInt(24)), random.nextInt(300),
                random.nextInt(1 << random.nextInt(30)));
        final SequenceBlock block = index.append(seq, known.index, known.time, known.subject, known.size);
        block.previousAt(block.placeOf(seq), known.previous);
        block.followingAt(block.placeOf(seq), known.following);
        model.put(seq, known);
    }

    private void thinOut(final Random random, final int how) {
        final int percent = how == 0 ? 0 : how == 1 ? 40 : 90;
        for (final long seq : model.keySet().toArray(Long[]::new)) {
            if (random.nextInt(100) < percent) {
                index.remove(seq);
                model.remove(seq);
            }
        }
    }

    private void compare(final Random random, final String where) {
        assertEquals(model.size(), index.count(), where);
        assertEquals(model.isEmpty() ? 0 : model.firstKey(), index.first(), where);
        assertEquals(model.isEmpty() ? 0 : model.lastKey(), index.last(), where);
        for (final Map.Entry<Long, Known> entry : model.entrySet()) {
            final SequenceBlock block = index.find(entry.getKey());
            final int place = block.placeOf(entry.getKey());
            assertEquals(entry.getValue(), new Known(block.indexAt(place), block.timeAt(place), block.subjectAt(place),
                    block.sizeAt(place), block.previousAt(place), block.followingAt(place)), where);
        }
        for (int i = 0; i < 200 && !model.isEmpty(); i++) {
            final long seq = model.firstKey() - 5_000 + random.nextLong(model.lastKey() - model.firstKey() + 10_000);
            final Long next = model.ceilingKey(seq);
            final Long before = model.floorKey(seq);
            assertEquals(next == null ? 0 : next, index.nextLive(seq), where);
            assertEquals(before == null ? 0 : before, index.previousLive(seq), where);
            assertEquals(model.tailMap(seq).size(), index.countFrom(seq), where);
            if (!model.containsKey(seq)) {
                assertNull(index.find(seq), where);
            }
        }
        final long time = 1_700_000_000_000_000_000L + random.nextInt(1 << 30) * 1_000L;
        assertEquals(model.entrySet().stream().filter(e -> e.getValue().time >= time).mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElse(0), index.firstAtTime(time), where);
    }
}

package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import jetstream.api.config.Discard;
import jetstream.api.config.StreamConfig;
import jetstream.engine.subject.FilterSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine against {@link StreamModel}, and against itself restored from an image, over random histories. */
class StreamPropertyTest {
    private static final int STEPS = 1_500;
    private static final int SUBJECTS = 14;

    static long[] seeds() {
        final long[] seeds = new long[60];
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = i;
        }
        return seeds;
    }

    private static final List<FilterSet> FILTERS = List.of(FilterSet.ALL, FilterSet.of(List.of("a.1")),
            FilterSet.of(List.of("a.*")), FilterSet.of(List.of("*.1", "b.2")), FilterSet.of(List.of("b.>")),
            FilterSet.of(List.of("nobody")));

    private static Predicate<StreamModel.Message> predicate(final FilterSet filter) {
        final List<String> regexes = filter.patterns().stream()
                .map(p -> p.replace(".", "\\.").replace("*", "[^.]+").replace(">", ".+")).collect(Collectors.toList());
        return m -> filter.isAll() || regexes.stream().anyMatch(r -> m.subject().matches(r));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void engineIsTheModel(final long seed) {
        final Random random = new Random(seed);
        final StreamConfig config = randomConfig(random);
        final StreamFixture stream = new StreamFixture(config);
        final StreamModel model = new StreamModel(config);
        StreamFixture restored = null;

        for (int step = 0; step < STEPS; step++) {
            final String where = "seed " + seed + " step " + step;
            final long before = stream.log.lastIndex();
            final String expected = step(random, stream, model);
            assertEquals(expected, stream.outcomes.outcome, where);
            if (restored != null && stream.log.lastIndex() > before) {
                assertEquals(expected, restored.apply(stream.log.lastIndex()), where + ", restored");
                assertEquals(stream.engine.stateHash(), restored.engine.stateHash(), where);
            }
            if (random.nextInt(16) == 0) {
                compare(where, random, stream, model);
            }
            if (random.nextInt(200) == 0) {
                restored = new StreamFixture(stream.engine.config(), stream.log);
                restored.restore(stream.image(), stream.log.lastIndex());
                compare(where + ", restored", random, restored, model);
                assertArrayEquals(stream.image(), restored.image(), where);
            }
        }
        compare("seed " + seed + " at the end", random, stream, model);
        if (restored != null) {
            compare("seed " + seed + " at the end, restored", random, restored, model);
            assertArrayEquals(stream.image(), restored.image(), "seed " + seed);
        }
    }

    private static StreamConfig randomConfig(final Random random) {
        final StreamConfig.Builder config = StreamFixture.config().allowRollup(true).allowMsgTtl(random.nextBoolean())
                .duplicateWindowNs(StreamFixture.SECOND_NS * (1 + random.nextInt(60)));
        config.maxMsgs(random.nextInt(3) == 0 ? 20 + random.nextInt(200) : -1);
        config.maxBytes(random.nextInt(3) == 0 ? 2_000 + random.nextInt(10_000) : -1);
        config.maxMsgsPerSubject(random.nextInt(2) == 0 ? 1 + random.nextInt(20) : -1);
        config.maxAgeNs(random.nextInt(3) == 0 ? StreamFixture.SECOND_NS * (1 + random.nextInt(100)) : 0);
        config.discard(random.nextInt(3) == 0 ? Discard.NEW : Discard.OLD);
        config.discardNewPerSubject(random.nextInt(3) == 0);
        return config.build();
    }

    private static String subject(final Random random) {
        return (random.nextBoolean() ? "a." : "b.") + random.nextInt(SUBJECTS / 2);
    }

    private static String step(final Random random, final StreamFixture stream, final StreamModel model) {
        stream.nowNs += random.nextInt(100) * 1_000_000L;
        final int kind = random.nextInt(100);
        if (kind < 82) {
            return publish(random, stream, model);
        }
        if (kind < 88) {
            final long seq = Math.max(1, model.lastSeq - random.nextInt(200));
            stream.delete(seq);
            return model.delete(seq);
        }
        if (kind < 90) {
            return purge(random, stream, model);
        }
        if (kind < 95) {
            stream.timePasses(random.nextInt(1_500) * 1_000_000L);
            model.expire(stream.nowNs);
            return "";
        }
        if (kind < 96) {
            model.forgetIds(stream.nowNs);
            model.config = randomConfig(random);
            stream.configure(model.config);
            model.trim();
            return "configured";
        }
        final long first = Math.max(1, model.lastSeq - random.nextInt(100));
        final long last = first + random.nextInt(5);
        stream.remove(first, last, last + 3, last + 3);
        model.messages.removeIf(m -> m.seq() >= first && m.seq() <= last || m.seq() == last + 3);
        return "";
    }

    private static String purge(final Random random, final StreamFixture stream, final StreamModel model) {
        final FilterSet filter = FILTERS.get(random.nextInt(FILTERS.size()));
        if (filter.patterns().size() > 1) {
            stream.purge("", 1, 0);
            return "purged 0";
        }
        final boolean isKeep = random.nextBoolean();
        final long keep = isKeep ? 1 + random.nextInt(30) : 0;
        final long below =
                isKeep ? 0 : random.nextInt(3) == 0 ? 0 : Math.max(1, model.lastSeq - 50 + random.nextInt(60));
        stream.purge(filter.isAll() ? "" : filter.patterns().getFirst(), below, keep);
        return model.purge(predicate(filter), filter.isAll(), below, keep);
    }

    private static String publish(final Random random, final StreamFixture stream, final StreamModel model) {
        final String subject = subject(random);
        final List<String> headers = new ArrayList<>();
        final String msgId = random.nextInt(3) == 0 ? "id-" + random.nextInt(400) : null;
        add(headers, "Nats-Msg-Id", msgId);
        final Long last = random.nextInt(12) == 0 ? (Long) (model.lastSeq - random.nextInt(2)) : null;
        add(headers, "Nats-Expected-Last-Sequence", last == null ? null : Math.max(0, last));
        final Long lastOfSubject = random.nextInt(8) == 0 ? (Long) (model.lastOf(subject) + random.nextInt(2)) : null;
        add(headers, "Nats-Expected-Last-Subject-Sequence", lastOfSubject);
        final String rollup = random.nextInt(40) == 0 ? random.nextInt(4) == 0 ? "all" : "sub" : null;
        add(headers, "Nats-Rollup", rollup);
        final boolean hasTtl = stream.engine.config().allowMsgTtl() && random.nextInt(10) == 0;
        final String ttl = hasTtl ? random.nextInt(4) == 0 ? "never" : "" + (1 + random.nextInt(20)) : null;
        add(headers, "Nats-TTL", ttl);
        final String lastId = random.nextInt(20) == 0 ? "id-" + random.nextInt(400) : null;
        add(headers, "Nats-Expected-Last-Msg-Id", lastId);
        final boolean isWanted = random.nextInt(10) != 0;
        final String payload = "p".repeat(random.nextInt(40));
        final String[] array = headers.toArray(String[]::new);
        stream.publish(isWanted ? (byte) 0 : PublishLayout.NO_INTEREST, subject, payload, array);
        return model.publish(new StreamModel.Sent(subject, payload, msgId, last == null ? null : Math.max(0, last),
                lastOfSubject, rollup, ttl, lastId, isWanted, StreamFixture.block(array).length), stream.nowNs,
                stream.log.lastIndex());
    }

    private static void add(final List<String> headers, final String name, final Object value) {
        if (value != null) {
            headers.add(name + ": " + value);
        }
    }

    private static void compare(final String where, final Random random, final StreamFixture stream,
            final StreamModel model) {
        final StreamEngine engine = stream.engine;
        final StreamState state = engine.state();
        assertEquals(model.messages.size(), state.messages(), where);
        assertEquals(model.bytes(), state.bytes(), where);
        assertEquals(model.lastSeq, state.lastSeq(), where);
        assertEquals(model.messages.stream().map(StreamModel.Message::subject).distinct().count(), state.subjects(),
                where);
        for (final StreamModel.Message m : model.messages) {
            assertEquals(m.subject() + '=' + m.payload(), stream.read(m.seq()), where);
        }
        long live = 0;
        for (long index = 1; index <= stream.log.lastIndex(); index++) {
            live += stream.log.isFreed(index) ? 0 : 1;
        }
        assertEquals(model.messages.size(), live, where);
        for (final FilterSet filter : FILTERS) {
            final Predicate<StreamModel.Message> which = predicate(filter);
            final long from = Math.max(0, model.lastSeq - random.nextInt(300));
            assertEquals(model.next(which, from), engine.next(filter, from), where);
            assertEquals(model.count(which, from), engine.pending(filter, from), where);
            assertEquals(model.last(which), engine.last(filter), where);
            assertArrayEquals(model.messages.stream().filter(which).map(StreamModel.Message::subject).distinct()
                    .mapToLong(model::lastOf).sorted().toArray(), engine.lastPerSubject(filter), where);
        }
        final long time = stream.nowNs - random.nextInt(60_000) * 1_000_000L;
        assertEquals(
                model.messages.stream().filter(m -> m.timeNs() >= time).mapToLong(StreamModel.Message::seq).findFirst()
                        .orElse(model.lastSeq + 1),
                engine.seqAtTime(time), where);
    }
}

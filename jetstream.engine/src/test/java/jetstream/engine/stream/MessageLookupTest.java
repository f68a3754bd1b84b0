package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import jetstream.engine.subject.FilterSet;
import org.junit.jupiter.api.Test;

/** What the stream API looks up (spec/jetstream-api.md sections 3 and 6). */
class MessageLookupTest {
    private static final FilterSet A = FilterSet.of(List.of("a.*"));

    private final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
    private final MessageLookup lookup = new MessageLookup(stream.engine);

    private void fill() {
        for (int i = 1; i <= 10; i++) {
            stream.nowNs += StreamFixture.SECOND_NS;
            stream.publish(i % 2 == 0 ? "a." + i % 3 : "b", "" + i);
        }
        stream.delete(4);
        stream.delete(5);
        stream.delete(10);
    }

    @Test
    void messagesAreFoundBySequenceSubjectAndTime() {
        fill();

        assertEquals(3, lookup.bySeq(3));
        assertEquals(0, lookup.bySeq(4));
        assertEquals(8, lookup.lastBySubject(A));
        assertEquals(6, lookup.nextBySubject(A, 3));
        assertEquals(0, lookup.nextBySubject(A, 9));
        assertEquals(6, lookup.nextAtTime(FilterSet.ALL, StreamFixture.START_NS + 4 * StreamFixture.SECOND_NS + 1));
        assertEquals(5, lookup.upToTime(StreamFixture.START_NS + 4 * StreamFixture.SECOND_NS + 1));
        assertEquals(1, stream.engine.previousOnSubject(3));
    }

    @Test
    void newestOfEachSubjectIsAsOfASequence() {
        fill();

        assertArrayEquals(new long[] {6, 8, 9}, lookup.multiLast(FilterSet.ALL, 0, 0, 1024));
        assertArrayEquals(new long[] {2, 6}, lookup.multiLast(A, 0, 7, 1024));
        assertArrayEquals(new long[] {6}, lookup.multiLast(A, 3, 7, 1024));
        assertNull(lookup.multiLast(FilterSet.ALL, 0, 0, 2));
    }

    @Test
    void subjectsComeInPages() {
        fill();

        assertEquals(new MessageLookup.SubjectPage(3, Map.of("a.0", 1L, "a.2", 2L)),
                lookup.subjects(FilterSet.ALL, 0, 2));
        assertEquals(new MessageLookup.SubjectPage(3, Map.of("b", 4L)), lookup.subjects(FilterSet.ALL, 2, 2));
        assertEquals(2, lookup.subjects(A, 0, 100).total());
    }

    @Test
    void gapsAreListed() {
        fill();

        assertArrayEquals(new long[] {4, 5, 10}, lookup.deleted(100));
        assertArrayEquals(new long[] {4, 5}, lookup.deleted(2));
        stream.purge("", 0, 0);
        assertArrayEquals(new long[0], lookup.deleted(100));
    }

    @Test
    void mirrorKeepsSequencesAndTimesOfItsOrigin() {
        final PublishDraft draft = stream.draft("a", "1", StreamFixture.block("Nats-Msg-Id: m"));

        assertEquals("stored 7", stream.commit(b -> StreamEntries.copy(b, stream.nowNs, 7, 1234, draft)));
        assertEquals("duplicate 7", stream.commit(b -> StreamEntries.copy(b, stream.nowNs, 7, 1234, draft)));
        assertEquals(7, stream.engine.seqAtTime(1234));
        assertEquals(1234, stream.engine.state().firstEpochNs());
        final MessageView view = new MessageView();
        stream.engine.message(7, view);
        assertEquals(1234, view.timestampEpochNs());
        assertEquals("a=1", stream.read(7));
    }
}

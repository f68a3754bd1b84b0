package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import jetstream.api.config.ExternalStream;
import jetstream.api.config.StreamConfig;
import jetstream.api.config.StreamSource;
import jetstream.api.config.SubjectTransform;
import org.junit.jupiter.api.Test;

/** What becomes of messages of an origin, and what is remembered of them. */
final class OriginCopierTest {
    private static final StreamConfig CONFIG = StreamFixture.config().duplicateWindowNs(1_000_000_000L).build();

    private final StreamFixture stream = new StreamFixture(CONFIG);

    private static StreamSource source(final String filter, final SubjectTransform... transforms) {
        return new StreamSource("A", 0, null, filter, List.of(transforms), null, null);
    }

    private String take(final OriginCopier copier, final long originSeq, final String subject,
            final String... headers) {
        final PublishDraft draft = stream.draft(subject, "x", StreamFixture.block(headers));
        copier.prepare(draft, originSeq, "id");
        return stream.commit(batch -> StreamEntries.publish(batch, stream.nowNs, PublishLayout.TRUSTED, draft));
    }

    @Test
    void sourcedMessageSaysWhereItComesFromAndDropsExpectations() {
        final OriginCopier copier = new OriginCopier(source("a.>"), false);
        take(copier, 7, "a.1", "Nats-Expected-Last-Sequence: 5", "Nats-Stream-Source: Z 1 > > z id", "Own: kept");
        assertEquals("NATS/1.0\r\nOwn: kept\r\nNats-Stream-Source: A 7 a.> > a.1 id\r\n\r\n", stream.headersOf(1));
        assertEquals(7, stream.engine.lastTaken(copier.key()));
    }

    @Test
    void firstTransformThatFitsRenames() {
        final OriginCopier copier = new OriginCopier(
                source("", new SubjectTransform("a.*", "b.$1"), new SubjectTransform("c", "d")), false);
        take(copier, 3, "c");
        assertEquals("NATS/1.0\r\nNats-Stream-Source: A 3 a.*\fc b.$1\fd c id\r\n\r\n", stream.headersOf(1));
    }

    @Test
    void positionOutlivesTheMessagesAndTravelsInTheImage() {
        final OriginCopier copier = new OriginCopier(source(""), false);
        for (int seq = 1; seq <= 20; seq++) {
            take(copier, seq, "a");
        }
        stream.purge("", 0, 0);
        final StreamFixture restored = new StreamFixture(CONFIG, stream.log);
        restored.restore(stream.image(), stream.log.lastIndex());
        assertEquals(20, restored.engine.lastTaken(copier.key()));
    }

    @Test
    void duplicateOfASourceMovesThePositionToo() {
        final OriginCopier copier = new OriginCopier(source(""), false);
        take(copier, 1, "a", "Nats-Msg-Id: one");
        take(copier, 2, "a", "Nats-Msg-Id: one");
        assertEquals(1, stream.engine.lastSeq());
        assertEquals(2, stream.engine.lastTaken(copier.key()));
    }

    @Test
    void clientCanNotMoveAPosition() {
        final OriginCopier copier = new OriginCopier(source(""), false);
        stream.publish("a", "x", "Nats-Stream-Source: A 99 > > a id");
        assertEquals(0, stream.engine.lastTaken(copier.key()));
    }

    @Test
    void originsOfOneNameDifferByFilterAndApi() {
        final StreamSource far = new StreamSource("A", 0, null, "", List.of(), new ExternalStream("$JS.far.API", ""),
                null);
        assertNotEquals(new OriginCopier(source(""), false).key(), new OriginCopier(source("a"), false).key());
        assertNotEquals(new OriginCopier(source(""), false).key(), new OriginCopier(far, false).key());
    }

    @Test
    void mirrorLeavesMessagesAsTheyAre() {
        final OriginCopier copier = new OriginCopier(source(""), true);
        final PublishDraft draft = stream.draft("a", "x", StreamFixture.block());
        copier.prepare(draft, 5, "id");
        stream.commit(batch -> StreamEntries.copy(batch, stream.nowNs, 5, 42, draft));
        assertEquals(5, stream.engine.lastSeq());
        assertEquals("", stream.headersOf(5));
    }
}

package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jetstream.api.config.Discard;
import jetstream.api.config.Storage;
import jetstream.api.entry.EntryBatch;
import jetstream.engine.subject.FilterSet;
import org.junit.jupiter.api.Test;

/** The rules of spec/streams.md sections 3 to 5 and 9 to 10, one by one. */
class StreamEngineTest {
    private static final long SECOND_NS = StreamFixture.SECOND_NS;

    @Test
    void newStreamIsEmptyAndCountsFromOne() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());

        assertEquals(new StreamState(0, 0, 0, 0, 0, 0, 0, 0), stream.engine.state());
        assertEquals("stored 1", stream.publish("pg.a", "x"));
        assertEquals("stored 2", stream.publish("pg.b", "y"));
        assertEquals("pg.a=x", stream.read(1));
        assertEquals(new StreamState(2, 70, 1, stream.nowNs, 2, stream.nowNs, 2, 0), stream.engine.state());
    }

    @Test
    void footprintDependsOnTheMediumAndOnHeaders() {
        final StreamFixture file = new StreamFixture(StreamFixture.config().build());
        final StreamFixture memory = new StreamFixture(StreamFixture.config().storage(Storage.MEMORY).build());
        final int block = StreamFixture.block("A: b").length;

        file.publish("abc", "12345", "A: b");
        memory.publish("abc", "12345", "A: b");

        assertEquals(30 + 8 + 4 + block, file.engine.state().bytes());
        assertEquals(16 + 8 + block, memory.engine.state().bytes());
    }

    @Test
    void firstSequenceIsAsConfigured() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().firstSeq(100).build());

        assertEquals(100, stream.engine.state().firstSeq());
        assertEquals("stored 100", stream.publish("a", ""));
    }

    @Test
    void firstSequenceIsThatOfTheFirstConfiguration() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().firstSeq(500).build());

        stream.configure(StreamFixture.config().firstSeq(7).build());
        assertEquals("stored 7", stream.publish("a", ""));
        stream.configure(StreamFixture.config().firstSeq(500).build());
        assertEquals("stored 8", stream.publish("a", ""));
    }

    @Test
    void messageIdIsRememberedForTheWindow() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
        stream.publish("a", "1", "Nats-Msg-Id: m1");

        assertEquals("duplicate 1", stream.publish("b", "2", "Nats-Msg-Id: m1"));
        assertTrue(stream.log.isFreed(2));
        stream.purge("", 0, 0);
        assertEquals("duplicate 1", stream.publish("b", "2", "Nats-Msg-Id: m1"));
        stream.nowNs += 120 * SECOND_NS;
        assertEquals("stored 2", stream.publish("b", "2", "Nats-Msg-Id: m1"));
        assertEquals("duplicate 2", stream.publish("b", "2", "Nats-Msg-Id: m1"));
    }

    @Test
    void expectedSequencesAreCompared() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
        stream.publish("a", "1");

        assertEquals("10071 wrong last sequence: 1", stream.publish("a", "2", "Nats-Expected-Last-Sequence: 0"));
        assertEquals("stored 2", stream.publish("b", "2", "Nats-Expected-Last-Sequence: 1"));
        assertEquals("10071 wrong last sequence: 1",
                stream.publish("a", "2", "Nats-Expected-Last-Subject-Sequence: 2"));
        assertEquals("stored 3", stream.publish("a", "2", "Nats-Expected-Last-Subject-Sequence: 1"));
        assertEquals("stored 4", stream.publish("c", "2", "Nats-Expected-Last-Subject-Sequence: 0"));
        assertEquals("10071 wrong last sequence: 4",
                stream.publish("d.x", "2", "Nats-Expected-Last-Subject-Sequence: 3",
                        "Nats-Expected-Last-Subject-Sequence-Subject: *"));
        assertEquals("stored 5", stream.publish("d.x", "2", "Nats-Expected-Last-Subject-Sequence: 4",
                "Nats-Expected-Last-Subject-Sequence-Subject: *"));
        assertEquals("10193 missing sequence for expected last sequence per subject",
                stream.publish("d.x", "2", "Nats-Expected-Last-Subject-Sequence-Subject: *"));
        assertEquals("10060 expected stream does not match", stream.publish("a", "2", "Nats-Expected-Stream: T"));
        assertEquals("stored 6", stream.publish("a", "2", "Nats-Expected-Stream: S", "Nats-Msg-Id: i6"));
        assertEquals("10070 wrong last msg ID: i6", stream.publish("a", "2", "Nats-Expected-Last-Msg-Id: i5"));
        assertEquals("stored 7", stream.publish("a", "2", "Nats-Expected-Last-Msg-Id: i6"));
    }

    @Test
    void replicatedStreamLooksForDuplicatesFirst() {
        final StreamFixture one = new StreamFixture(StreamFixture.config().build());
        final StreamFixture three = new StreamFixture(StreamFixture.config().replicas(3).build());

        for (final StreamFixture stream : List.of(one, three)) {
            stream.publish("a", "1", "Nats-Msg-Id: m1", "Nats-Expected-Last-Sequence: 0");
        }

        assertEquals("10071 wrong last sequence: 1",
                one.publish("a", "1", "Nats-Msg-Id: m1", "Nats-Expected-Last-Sequence: 0"));
        assertEquals("duplicate 1", three.publish("a", "1", "Nats-Msg-Id: m1", "Nats-Expected-Last-Sequence: 0"));
    }

    @Test
    void fullStreamDropsTheOldest() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().maxMsgs(2).build());
        stream.publish("a", "1");
        stream.publish("a", "2");

        assertEquals("stored 3", stream.publish("a", "3"));
        assertEquals(List.of("1 LIMIT"), stream.outcomes.effects);
        assertTrue(stream.log.isFreed(1));
        assertNull(stream.read(1));
    }

    @Test
    void fullStreamRefusesWithDiscardNew() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().maxMsgs(2).discard(Discard.NEW).build());
        stream.publish("a", "1");
        stream.publish("a", "2");

        assertEquals("10077 maximum messages exceeded", stream.publish("a", "3"));
        final StreamFixture bytes = new StreamFixture(StreamFixture.config().maxBytes(70).discard(Discard.NEW).build());
        assertEquals("stored 1", bytes.publish("a", "1234"));
        assertEquals("stored 2", bytes.publish("a", "1234"));
        assertEquals("10077 maximum bytes exceeded", bytes.publish("a", ""));
    }

    @Test
    void subjectKeepsItsNewestEvenWithDiscardNew() {
        final StreamFixture stream = new StreamFixture(
                StreamFixture.config().maxMsgsPerSubject(1).maxMsgs(2).discard(Discard.NEW).build());
        stream.publish("a", "1");
        stream.publish("b", "2");

        assertEquals("stored 3", stream.publish("a", "3"));
        assertEquals(List.of("1 LIMIT"), stream.outcomes.effects);
        assertEquals("10077 maximum messages exceeded", stream.publish("c", "4"));
        stream.configure(stream.engine.config().toBuilder().discardNewPerSubject(true).build());
        assertEquals("10077 maximum messages per subject exceeded", stream.publish("a", "5"));
    }

    @Test
    void sealedStreamRefusesChanges() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
        stream.publish("a", "1");
        stream.configure(stream.engine.config().toBuilder().sealed(true).build());

        assertEquals("10109 invalid operation on sealed stream", stream.publish("a", "2"));
        assertEquals("10109 invalid operation on sealed stream", stream.delete(1));
        assertEquals("10109 invalid operation on sealed stream", stream.purge("", 0, 0));
        assertEquals("a=1", stream.read(1));
    }

    @Test
    void largeMessageIsRefused() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().maxMsgSize(4).build());

        assertEquals("stored 1", stream.publish("a", "1234"));
        assertEquals("10054 message size exceeds maximum allowed", stream.publish("a", "12345"));
    }

    @Test
    void rollupReplacesOlderMessages() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().allowRollup(true).build());
        stream.publish("a", "1");
        stream.publish("b", "2");
        stream.publish("a", "3");

        assertEquals("stored 4", stream.publish("a", "4", "Nats-Rollup: sub"));
        assertEquals(List.of("1 ROLLUP", "3 ROLLUP"), stream.outcomes.effects);
        assertEquals("stored 5", stream.publish("c", "5", "Nats-Rollup: ALL"));
        assertEquals(1, stream.engine.state().messages());
        assertEquals("10111 rollup value invalid: \"x\"", stream.publish("c", "5", "Nats-Rollup: x"));
        stream.configure(stream.engine.config().toBuilder().denyPurge(true).build());
        assertEquals("10111 rollup not permitted", stream.publish("c", "5", "Nats-Rollup: all"));
    }

    @Test
    void purgeTakesFilterSequenceOrKeep() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
        for (int i = 1; i <= 10; i++) {
            stream.publish(i % 2 == 0 ? "even.x" : "odd", "");
        }

        assertEquals("purged 0", stream.purge("", 1, 0));
        assertEquals("purged 2", stream.purge("", 3, 0));
        assertEquals("purged 1", stream.purge("even.*", 6, 0));
        assertEquals("purged 2", stream.purge("even.*", 0, 1));
        assertEquals("purged 2", stream.purge("", 0, 3));
        assertArrayEquals(new long[] {9, 10}, stream.engine.lastPerSubject(FilterSet.ALL));
        assertEquals("purged 3", stream.purge("", 0, 0));
        assertEquals(11, stream.engine.state().firstSeq());
        assertEquals("purged 0", stream.purge("", 21, 0));
        assertEquals("stored 21", stream.publish("odd", ""));
    }

    @Test
    void deletedMessageIsFoundOnlyOnce() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
        stream.publish("a", "1");
        stream.publish("a", "2");
        stream.publish("a", "3");

        assertEquals("deleted", stream.delete(2));
        assertEquals("10043 sequence 2 not found", stream.delete(2));
        assertEquals(1, stream.engine.state().deleted());
        stream.configure(stream.engine.config().toBuilder().denyDelete(true).denyPurge(true).build());
        assertEquals("10057 message delete not permitted", stream.delete(1));
        assertEquals("10110 stream purge not permitted", stream.purge("", 0, 0));
    }

    @Test
    void messageWithoutInterestUsesUpItsSequence() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());

        assertEquals("skipped 1", stream.publish(PublishLayout.NO_INTEREST, "a", "1", "Nats-Msg-Id: m"));
        assertEquals(0, stream.engine.state().messages());
        assertEquals(2, stream.engine.state().firstSeq());
        assertEquals("duplicate 1", stream.publish("a", "1", "Nats-Msg-Id: m"));
        assertTrue(stream.log.isFreed(1));
    }

    @Test
    void ageRemovesNothingEarly() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().maxAgeNs(SECOND_NS).build());
        stream.publish("a", "1");
        stream.nowNs += SECOND_NS / 2;
        stream.publish("a", "2");

        assertEquals(StreamFixture.START_NS + SECOND_NS, stream.engine.nextExpiryEpochNs());
        stream.timePasses(SECOND_NS / 2 - 1);
        assertEquals(2, stream.engine.state().messages());
        stream.timePasses(1);
        assertEquals(List.of("<2 AGE"), stream.outcomes.effects);
        stream.timePasses(SECOND_NS);
        assertEquals(0, stream.engine.state().messages());
        assertEquals(3, stream.engine.state().firstSeq());
    }

    @Test
    void timeToLiveEndsAMessage() {
        final StreamFixture stream =
                new StreamFixture(StreamFixture.config().allowMsgTtl(true).maxAgeNs(5 * SECOND_NS).build());
        stream.publish("a", "1", "Nats-TTL: 2");
        stream.publish("b", "2", "Nats-TTL: never");
        stream.publish("c", "3", "Nats-TTL: 1h");
        stream.publish("d", "4", "Nats-TTL: 1500ms");

        assertEquals("10165 invalid per-message TTL", stream.publish("a", "1", "Nats-TTL: 10ms"));
        assertEquals("10165 invalid per-message TTL", stream.publish("a", "1", "Nats-TTL: soon"));
        stream.timePasses(SECOND_NS);
        assertEquals(List.of("4 AGE"), stream.outcomes.effects);
        stream.timePasses(SECOND_NS);
        assertEquals(List.of("1 AGE"), stream.outcomes.effects);
        stream.timePasses(3 * SECOND_NS);
        assertEquals(List.of("3 AGE"), stream.outcomes.effects);
        assertEquals("b=2", stream.read(2));
        stream.configure(StreamFixture.config().build());
        assertEquals("10166 per-message TTL is disabled", stream.publish("a", "1", "Nats-TTL: 2"));
    }

    @Test
    void statusOfAPublishedHeaderBlockIsDropped() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
        final byte[] block = "NATS/1.0 503 No Way\r\nA: b\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        final PublishDraft draft = stream.draft("a", "1", block);

        assertNull(stream.ingest.check(draft));
        stream.commit(b -> StreamEntries.publish(b, stream.nowNs, (byte) 0, draft));

        assertEquals("NATS/1.0\r\nA: b\r\n\r\n", stream.headersOf(1));
    }

    @Test
    void conditionalPublishIsRefusedWhenTheSubjectMovedOn() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
        stream.publish("a", "1");
        final PublishDraft draft = stream.draft("a", "2", StreamFixture.block());

        assertEquals("10071 wrong last sequence: 1",
                stream.commit(b -> StreamEntries.publishIfLast(b, stream.nowNs, PublishLayout.TRUSTED, 0, draft)));
        assertEquals("stored 2",
                stream.commit(b -> StreamEntries.publishIfLast(b, stream.nowNs, PublishLayout.TRUSTED, 1, draft)));
        assertEquals("a=2", stream.read(2));
    }

    @Test
    void acknowledgedMessagesOfAWorkQueueAreFreed() {
        final StreamFixture stream = new StreamFixture(StreamFixture.config().build());
        for (int i = 0; i < 10; i++) {
            stream.publish("a", "");
        }

        stream.remove(2, 4, 7, 7);

        assertEquals(List.of("2 DONE", "3 DONE", "4 DONE", "7 DONE"), stream.outcomes.effects);
        assertEquals(5, stream.engine.next(FilterSet.of(List.of("a")), 2));
        assertTrue(stream.log.isFreed(3));
        assertFalse(stream.log.isFreed(5));
    }

    @Test
    void nothingIsSkippedWhileTheLogIsBeingReplaced() {
        final StreamFixture behind = new StreamFixture(StreamFixture.config().build());
        final StreamFixture leader = new StreamFixture(StreamFixture.config().build());
        for (int i = 0; i < 3; i++) {
            behind.publish("a", "old");
            leader.publish("a", "old");
        }
        leader.delete(2);
        for (int i = 0; i < 5; i++) {
            leader.publish("a", "new");
        }
        behind.log.discardHistory(behind.log.lastIndex() + 1);
        assertTrue(behind.engine.isReadable(), "consensus' own entries came last");

        behind.log.reset(leader.log.lastIndex(), 1);
        assertFalse(behind.engine.isReadable());
        assertEquals(-2, behind.engine.next(FilterSet.ALL, 2));
        assertNull(behind.read(1));
        for (final long seq : new long[] {1, 3, 4, 5, 6, 7, 8}) {
            final long index = seq < 4 ? seq : seq + 1;
            final EntryBatch records = new EntryBatch(256);
            records.append(leader.log.bytes(index), 0, leader.log.bytes(index).capacity());
            behind.log.restore(records);
            assertEquals(seq >= 3, behind.engine.isReadable());
        }
        behind.restore(leader.image(), leader.log.lastIndex());

        assertTrue(behind.engine.isReadable());
        assertEquals(3, behind.engine.next(FilterSet.ALL, 2));
        assertEquals("a=new", behind.read(8));
        assertArrayEquals(leader.image(), behind.image());
    }

    @Test
    void recordFreedInAnEarlierLifeIsLateUntilItsRemovalIsAppliedAgain() {
        final StreamFixture before = new StreamFixture(StreamFixture.config().build());
        before.publish("s", "one");
        before.publish("s", "two");
        final byte[] image = before.image();
        final long imageIndex = before.log.lastIndex();
        before.remove(1, 1); // its record may be reclaimed from here on

        final StreamFixture restarted = new StreamFixture(StreamFixture.config().build(), before.log);
        restarted.restore(image, imageIndex);
        assertTrue(restarted.engine.isReadable());
        assertNull(restarted.read(1));
        assertFalse(restarted.engine.isReadable(), "a consumer would take the message for gone");
        assertEquals(List.of(1L), restarted.outcomes.missing);

        restarted.apply(imageIndex + 1);
        assertTrue(restarted.engine.isReadable());
        assertEquals("s=two", restarted.read(2));
        assertEquals(2, restarted.engine.next(FilterSet.ALL, 1));
    }
}

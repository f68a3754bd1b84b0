package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import jetstream.api.config.Discard;
import jetstream.api.config.StreamConfig;
import jetstream.api.error.ApiFailure;
import org.junit.jupiter.api.Test;

/** Atomic batches (spec/streams.md section 11.1, ADR 0140). */
class AtomicBatchTest {
    private static final String INCOMPLETE = "10176 atomic publish batch is incomplete";

    private final StreamFixture stream = new StreamFixture(config().build());
    private final List<String> abandoned = new ArrayList<>();
    private final AtomicBatches.OpenCount inAll = new AtomicBatches.OpenCount();
    private final AtomicBatches batches = new AtomicBatches(inAll, (id, reason) -> abandoned.add(id + " " + reason));
    private long nowNs;

    private static StreamConfig.Builder config() {
        return StreamFixture.config().allowAtomic(true).allowRollup(true);
    }

    /** What the leader does with a message: the answer it gets at once, or what comes of the batch that it ends. */
    private String send(final StreamFixture to, final String id, final int place, final String subject,
            final String... more) {
        final List<String> headers = new ArrayList<>(List.of("Nats-Batch-Id: " + id, "Nats-Batch-Sequence: " + place));
        headers.addAll(List.of(more));
        final PublishDraft draft =
                to.draft(subject, "p" + place, StreamFixture.block(headers.toArray(String[]::new)));
        assertEquals(true, batches.concerns(draft));
        final ApiFailure failure = batches.take(draft, nowNs);
        if (failure != null) {
            return StreamFixture.Outcomes.text(failure);
        }
        return batches.complete() == null ? "taken" : commit(to, batches.complete(), batches.complete().count());
    }

    private String send(final String id, final int place, final String subject, final String... more) {
        return send(stream, id, place, subject, more);
    }

    /** Commits the first so many messages of a batch, as if the leader had been lost behind them. */
    private static String commit(final StreamFixture to, final AtomicBatches.Open batch, final int committed) {
        final PublishDraft draft = new PublishDraft();
        final String told = to.commit(b -> {
            for (int i = 0; i < committed; i++) {
                batch.draft(i, draft);
                assertNull(to.ingest.check(draft));
                StreamEntries.batched(b, to.nowNs, (byte) 0, i + 1, batch.count(), draft);
            }
        });
        return told.replaceAll("^[, ]+", "");
    }

    @Test
    void isStoredAtOnceWhenItsLastMessageHasCome() {
        stream.publish("a", "x");
        assertEquals("taken", send("B", 1, "a"));
        assertEquals("taken", send("B", 2, "b"));
        assertEquals(1, stream.engine.lastSeq(), "nobody sees what is open");
        assertEquals("stored 2 and stored 3 and stored 4", send("B", 3, "a", "Nats-Batch-Commit: 1"));
        assertEquals("b=p2", stream.read(3));
        assertEquals("NATS/1.0\r\nNats-Batch-Id: B\r\nNats-Batch-Sequence: 3\r\nNats-Batch-Commit: 1\r\n\r\n",
                stream.headersOf(4));
    }

    @Test
    void endsBeforeAMessageThatOnlySaysSo() {
        send("B", 1, "a");
        send("B", 2, "b");
        assertEquals("stored 1 and stored 2", send("B", 3, "ignored", "Nats-Batch-Commit: eob"));
        assertEquals("NATS/1.0\r\nNats-Batch-Id: B\r\nNats-Batch-Sequence: 2\r\nNats-Batch-Commit: 1\r\n\r\n",
                stream.headersOf(2));
        assertEquals(INCOMPLETE, send("C", 1, "a", "Nats-Batch-Commit: eob"));
    }

    @Test
    void gapsAndStrangersAreIncomplete() {
        send("B", 1, "a");
        assertEquals(INCOMPLETE, send("B", 3, "a"));
        assertEquals(INCOMPLETE, send("B", 2, "a"), "it was dropped");
        assertEquals(INCOMPLETE, send("unknown", 2, "a"));
        assertEquals(List.of("B incomplete"), abandoned);
        assertEquals("10179 atomic publish batch ID is invalid", send("x".repeat(65), 1, "a"));
        assertEquals("10200 atomic publish batch commit is invalid", send("C", 1, "a", "Nats-Batch-Commit: 2"));
        assertEquals("10177 atomic publish unsupported header used: Nats-Expected-Last-Msg-Id",
                send("C", 1, "a", "Nats-Expected-Last-Msg-Id: x"));
        assertEquals("10185 JetStream minimum api level required", send("C", 1, "a", "Nats-Required-Api-Level: 99"));
        assertEquals(0, stream.engine.lastSeq());
        final StreamFixture plain = new StreamFixture(StreamFixture.config().build());
        assertEquals("10174 atomic publish is disabled", plain.publish("a", "", "Nats-Batch-Id: B"));
    }

    @Test
    void limitsHold() {
        for (int i = 1; i <= AtomicBatches.MESSAGES_MAX; i++) {
            assertEquals("taken", send("B", i, "a"));
        }
        assertEquals("10199 atomic publish batch is too large: 1000", send("B", 1_001, "a"));
        assertEquals(List.of("B large"), abandoned);
        for (int i = 0; i < AtomicBatches.OPEN_MAX; i++) {
            assertEquals("taken", send("B" + i, 1, "a"));
        }
        assertEquals("10210 atomic publish too many inflight", send("more", 1, "a"));
        nowNs += AtomicBatches.IDLE_NS;
        batches.tick(nowNs);
        assertEquals(1 + AtomicBatches.OPEN_MAX, abandoned.size());
        assertEquals(INCOMPLETE, send("B0", 2, "a"));
        assertEquals("taken", send("more", 1, "a"));
    }

    @Test
    void batchIsOpenUntilItEndsOrIsDropped() {
        assertFalse(batches.hasOpen());
        assertEquals("taken", send("B", 1, "a"));
        assertTrue(batches.hasOpen());
        nowNs += AtomicBatches.IDLE_NS - 1;
        batches.tick(nowNs);
        assertTrue(batches.hasOpen());
        nowNs++;
        batches.tick(nowNs);
        assertFalse(batches.hasOpen());
    }

    @Test
    void nothingIsStoredIfOneMessageIsRefused() {
        stream.publish("a", "x", "Nats-Msg-Id: known");
        send("B", 1, "a");
        assertEquals("10201 atomic publish batch contains duplicate message id",
                send("B", 2, "a", "Nats-Msg-Id: known", "Nats-Batch-Commit: 1"));
        send("B", 1, "a", "Nats-Msg-Id: new");
        assertEquals("10201 atomic publish batch contains duplicate message id",
                send("B", 2, "a", "Nats-Msg-Id: new", "Nats-Batch-Commit: 1"));
        send("B", 1, "a", "Nats-Expected-Last-Sequence: 1");
        assertEquals("10071 wrong last sequence: 2",
                send("B", 2, "a", "Nats-Expected-Last-Sequence: 1", "Nats-Batch-Commit: 1"));
        send("B", 1, "a");
        assertEquals("10164 wrong last sequence",
                send("B", 2, "a", "Nats-Expected-Last-Sequence: 2", "Nats-Batch-Commit: 1"));
        send("B", 1, "a");
        assertEquals("10164 wrong last sequence",
                send("B", 2, "a", "Nats-Expected-Last-Subject-Sequence: 1", "Nats-Batch-Commit: 1"));
        send("B", 1, "b");
        assertEquals("10111 batch rollup sub invalid",
                send("B", 2, "b", "Nats-Rollup: sub", "Nats-Batch-Commit: 1"));
        send("B", 1, "b");
        assertEquals("10111 batch rollup all invalid",
                send("B", 2, "a", "Nats-Rollup: all", "Nats-Batch-Commit: 1"));
        assertEquals(1, stream.engine.lastSeq());
        assertEquals(List.of(1L), stream.log.live());
        send("B", 1, "b", "Nats-Expected-Last-Sequence: 1");
        assertEquals("stored 2 and stored 3",
                send("B", 2, "a", "Nats-Expected-Last-Subject-Sequence: 1", "Nats-Batch-Commit: 1"));
    }

    @Test
    void fullStreamThatDiscardsNewTakesAllOrNothing() {
        final StreamFixture full = new StreamFixture(config().discard(Discard.NEW).maxMsgs(3).build());
        full.publish("a", "x");
        send(full, "B", 1, "a");
        send(full, "B", 2, "a");
        assertEquals("10077 maximum messages exceeded", send(full, "B", 3, "a", "Nats-Batch-Commit: 1"));
        send(full, "B", 1, "a");
        assertEquals("stored 2 and stored 3", send(full, "B", 2, "a", "Nats-Batch-Commit: 1"));
    }

    @Test
    void halfABatchOfALostLeaderNeverHappened() {
        send("B", 1, "a");
        send("B", 2, "a");
        final PublishDraft last = stream.draft("a", "p3",
                StreamFixture.block("Nats-Batch-Id: B", "Nats-Batch-Sequence: 3", "Nats-Batch-Commit: 1"));
        batches.concerns(last);
        assertNull(batches.take(last, nowNs));
        assertEquals("", commit(stream, batches.complete(), 2));
        assertEquals(0, stream.engine.lastSeq());
        assertEquals("stored 1", stream.publish("a", "x"));
        assertEquals(List.of(3L), stream.log.live());
        assertEquals("", commit(stream, batches.complete(), 1));
        assertEquals("", commit(stream, batches.complete(), 2));
        assertEquals("stored 2 and stored 3 and stored 4", commit(stream, batches.complete(), 3));
        assertEquals(List.of(3L, 7L, 8L, 9L), stream.log.live());
    }

    @Test
    void imageInTheMiddleOfABatchKeepsIt() {
        stream.publish("a", "x");
        send("B", 1, "a");
        final PublishDraft last = stream.draft("b", "p2",
                StreamFixture.block("Nats-Batch-Id: B", "Nats-Batch-Sequence: 2", "Nats-Batch-Commit: 1"));
        batches.concerns(last);
        assertNull(batches.take(last, nowNs));
        commit(stream, batches.complete(), 2);
        final StreamFixture other = new StreamFixture(config().build(), stream.log);
        for (long index = 1; index <= 2; index++) {
            other.apply(index);
        }
        final byte[] image = other.image();
        final StreamFixture third = new StreamFixture(config().build(), stream.log);
        third.restore(image, 2);
        assertEquals("stored 2 and stored 3", third.apply(3));
        assertEquals(stream.engine.stateHash(), third.engine.stateHash());
        assertEquals("b=p2", third.read(3));
    }
}

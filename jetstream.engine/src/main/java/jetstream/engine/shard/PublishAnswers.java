package jetstream.engine.shard;

import jetstream.api.error.ApiFailure;
import jetstream.engine.Outbox;
import jetstream.engine.stream.CounterValue;
import jetstream.engine.stream.HeaderField;
import jetstream.engine.stream.HeaderScanner;
import jetstream.engine.stream.MessageView;
import jetstream.engine.stream.PubAckWriter;

/**
 * The publishers that wait for an answer of a stream's leader, and the answers: each leaves when the entry is applied
 * (no leader, no acks). Owner: the shard thread.
 */
final class PublishAnswers {
    private static final int SUBJECT_LENGTH_MAX = 0xffff;

    private final Shard shard;
    private final Outbox outbox;
    private final PubAckWriter writer;
    private final ReplyQueue waiting = new ReplyQueue();

    PublishAnswers(final Shard shard, final Outbox outbox, final String stream) {
        this.shard = shard;
        this.outbox = outbox;
        writer = new PubAckWriter(stream, shard.settings().domain());
    }

    int count() {
        return waiting.count();
    }

    /** The next entry proposed is of somebody who waits at that subject. */
    void add(final byte[] reply, final int replyLength) {
        waiting.add(reply, replyLength);
    }

    /** The next entry proposed is of nobody. */
    void addNobody() {
        waiting.add(Shard.NO_BYTES, 0);
    }

    /** What was added since has been proposed, from that index on. */
    void assign(final long firstIndex) {
        waiting.assign(firstIndex);
    }

    /** The first entry that was added and not proposed will not be: who waits for it is told. */
    void refuseUnassigned(final ApiFailure failure) {
        final byte[] reply = shard.subjectScratch(SUBJECT_LENGTH_MAX);
        refused(reply, waiting.takeUnassigned(reply), failure);
    }

    /** The first entry that was added and not proposed is counted anew. */
    void dropUnassigned() {
        waiting.takeUnassigned(shard.subjectScratch(SUBJECT_LENGTH_MAX));
    }

    /** Nobody knows what became of what was proposed: the publishers' requests time out. */
    void clear() {
        waiting.clear();
    }

    void stored(final long index, final long seq, final boolean duplicate) {
        if (waiting.count() > 0) {
            final byte[] reply = shard.subjectScratch(SUBJECT_LENGTH_MAX);
            final int length = waiting.take(index, reply);
            if (length > 0) {
                send(reply, length, duplicate ? writer.duplicate(seq) : writer.stored(seq));
            }
        }
    }

    /** A message was taken into a batch that is not complete: an empty answer. */
    void taken(final byte[] reply, final int replyLength) {
        if (replyLength > 0) {
            outbox.publish(reply, replyLength, Shard.NO_BYTES, 0, Outbox.EMPTY, 0, 0, Outbox.EMPTY, 0, 0);
        }
    }

    /** A batch of so many messages was stored, of which that is the last one. */
    void committed(final long index, final long seq, final MessageView last, final int count) {
        final byte[] reply = shard.subjectScratch(SUBJECT_LENGTH_MAX);
        final int length = waiting.take(index, reply);
        if (length > 0) {
            final String id = new HeaderScanner().scan(last.buffer(), last.headersOffset(), last.headersLength())
                    .text(HeaderField.BATCH_ID);
            send(reply, length, writer.batch(seq, id, count));
        }
    }

    void counted(final long index, final long seq, final MessageView stored) {
        final byte[] reply = shard.subjectScratch(SUBJECT_LENGTH_MAX);
        final int length = waiting.take(index, reply);
        if (length > 0) {
            send(reply, length, writer.counter(seq, CounterValue.total(stored)));
        }
    }

    void refused(final long index, final ApiFailure failure) {
        final byte[] reply = shard.subjectScratch(SUBJECT_LENGTH_MAX);
        refused(reply, waiting.take(index, reply), failure);
    }

    /** Answers somebody whose publish was not even proposed. */
    void refused(final byte[] reply, final int replyLength, final ApiFailure failure) {
        if (replyLength > 0) {
            send(reply, replyLength, writer.failure(failure));
        }
    }

    private void send(final byte[] reply, final int replyLength, final int ackLength) {
        outbox.publish(reply, replyLength, Shard.NO_BYTES, 0, Outbox.EMPTY, 0, 0, writer.buffer(), 0, ackLength);
    }
}

package jetstream.simulator.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import jetstream.engine.json.JsonObject;
import jetstream.engine.shard.StreamReplica;
import jetstream.simulator.world.Mail;
import jetstream.simulator.world.NodeProcess;

/** Publishes to one stream, repeats what got no answer, and remembers what it was told. */
final class Publisher {
    private static final long TIMEOUT_NS = 1_200_000_000L;
    private static final int ATTEMPTS_MAX = 6;
    private static final int SUBJECTS = 4;
    private static final String WRONG_LAST = "wrong last sequence: ";

    private final Calls calls;
    private final StreamHistory history;
    private final PublishIds ids;
    private final Map<String, Long> lastKnown = new HashMap<>();
    private long lastOfStream;

    Publisher(final Calls calls, final StreamHistory history, final PublishIds ids) {
        this.calls = calls;
        this.history = history;
        this.ids = ids;
    }

    /** Sends one more message of the kind that the stream is for. */
    void next() {
        final SplittableRandom random = calls.random();
        final String subject = history.prefix() + (char) ('a' + random.nextInt(SUBJECTS));
        final boolean hasMsgId = history.kind() != StreamKind.KEYS || random.nextBoolean();
        final int length = random.nextInt(24) == 0 ? random.nextInt(3_000) : random.nextInt(200);
        final Publish publish = new Publish(ids.next(), subject, hasMsgId, length, calls.nowNs());
        if (history.kind() == StreamKind.KEYS && random.nextInt(8) > 0) {
            publish.isExpectedOfSubject = true;
            publish.expectedLast = lastKnown.getOrDefault(subject, 0L);
        } else if (history.kind() == StreamKind.LEDGER && random.nextInt(6) == 0) {
            publish.expectedLast = lastOfStream;
        }
        history.add(publish);
        send(publish, null);
    }

    /** Sends a message without conditions until it is stored. */
    void probe() {
        final Publish publish = new Publish(ids.next(), history.prefix() + "a", true, 10, calls.nowNs());
        history.add(publish);
        send(publish, this::probe);
    }

    private void send(final Publish publish, final Runnable onFailure) {
        publish.sent();
        calls.ask(this::leads, (process, reply) -> store(process, publish, reply), TIMEOUT_NS,
                mail -> answered(publish, mail, onFailure));
    }

    private boolean leads(final NodeProcess process) {
        final StreamReplica stream = process.stream(history.name());
        return stream != null && stream.isLeader() && history.isOf(stream);
    }

    private void store(final NodeProcess process, final Publish publish, final String reply) {
        final StreamReplica stream = process.stream(history.name());
        if (stream == null || !history.isOf(stream)) {
            return;                                 // nobody subscribes to those subjects there any more
        }
        final byte[] subject = publish.subject().getBytes(StandardCharsets.UTF_8);
        final byte[] inbox = reply.getBytes(StandardCharsets.UTF_8);
        final byte[] headers = publish.headers();
        final byte[] payload = publish.payload();
        final ByteBuffer body = ByteBuffer.allocate(headers.length + payload.length).put(headers).put(payload);
        stream.publish(subject, subject.length, inbox, inbox.length, body, 0, headers.length, body.capacity());
    }

    private void answered(final Publish publish, final Mail mail, final Runnable onFailure) {
        if (mail == null) {
            publish.unanswered();
            if (!history.isDeleteAsked() && publish.hasMsgId()
                    && (onFailure != null || publish.attempts() < ATTEMPTS_MAX)) {
                send(publish, onFailure);
            }
            return;
        }
        final JsonObject answer = JsonObject.parse(mail.payload());
        final JsonObject error = answer.object("error");
        if (error == null) {
            learn(publish, answer.integer("seq", 0), true);
            publish.stored(answer.integer("seq", 0), calls.nowNs());
            if (onFailure != null) {
                history.probed(calls.nowNs());
            }
        } else {
            final String text = error.string("description", "");
            final long observed =
                    text.startsWith(WRONG_LAST) ? Long.parseLong(text.substring(WRONG_LAST.length())) : Publish.NONE;
            learn(publish, observed, false);
            publish.refused(observed, calls.nowNs());
            if (onFailure != null) {
                calls.after(TIMEOUT_NS / 4, onFailure);
            }
        }
        calls.world().trace().note(() -> "client knows " + publish);
    }

    private void learn(final Publish publish, final long seq, final boolean isStored) {
        if (isStored || publish.isExpectedOfSubject()) {
            lastKnown.merge(publish.subject(), seq, Math::max);
        }
        lastOfStream = Math.max(lastOfStream, seq);
    }

    /** Numbers of messages, alone in a run. */
    static final class PublishIds {
        private long last;

        long next() {
            return ++last;
        }
    }
}

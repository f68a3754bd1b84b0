package jetstream.simulator.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import jetstream.engine.consumer.ClientMessage;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;
import jetstream.simulator.world.Mail;
import jetstream.simulator.world.NodeProcess;

/** A client of a pull consumer: asks for messages, acknowledges most of them, now and then with another word. */
final class Fetcher {
    private static final long SECOND = 1_000_000_000L;
    private static final int ACK_TOKENS = 9;

    private final Calls calls;
    private final StreamHistory history;
    private final ConsumerHistory consumer;
    private String inbox = "";
    private int wanted;
    private long round;
    private boolean isCalm;

    Fetcher(final Calls calls, final StreamHistory history) {
        this.calls = calls;
        this.history = history;
        consumer = history.consumer();
    }

    /** From now on everything is acknowledged at once. */
    void calm() {
        isCalm = true;
    }

    /** Asks for messages, and goes on asking. */
    void fetch() {
        if (history.isDeleteAsked()) {
            return;
        }
        if (!inbox.isEmpty()) {
            calls.world().clients().close(inbox);
        }
        inbox = calls.world().clients().open(this::received);
        wanted = 1 + calls.random().nextInt(10);
        final long expiresNs = SECOND / 2 + calls.random().nextLong(SECOND);
        final long thisRound = ++round;
        final var node = calls.leading(this::leads);
        if (node != null) {
            final String request = "{\"batch\":" + wanted + ",\"expires\":" + expiresNs + "}";
            calls.world().clients().send(node, process -> pull(process, request));
        }
        calls.after(node == null ? SECOND / 10 : expiresNs + SECOND / 10, () -> {
            if (round == thisRound) {
                fetch();
            }
        });
    }

    private boolean leads(final NodeProcess process) {
        final ConsumerReplica replica = replica(process);
        return replica != null && replica.isLeader();
    }

    private ConsumerReplica replica(final NodeProcess process) {
        final StreamReplica stream = process.stream(history.name());
        return stream == null ? null : stream.consumer(consumer.name());
    }

    private void pull(final NodeProcess process, final String request) {
        final ConsumerReplica replica = replica(process);
        if (replica != null && replica.isLeader()) {
            replica.pull(message("$JS.API.CONSUMER.MSG.NEXT." + history.name() + "." + consumer.name(), inbox,
                    request));
        }
    }

    private void received(final Mail mail) {
        if (mail.reply().isEmpty()) {
            final long thisRound = round;
            calls.after(SECOND / 50, () -> {
                if (round == thisRound) {
                    fetch();                        // a status ends the request
                }
            });
            return;
        }
        final String[] tokens = mail.reply().split("\\.");
        if (tokens.length != ACK_TOKENS) {
            calls.world().trace().fail("delivery with a reply subject of another shape: " + mail.reply());
            return;
        }
        final long seq = Long.parseLong(tokens[5]);
        final long id = Publish.idOf(mail.payload());
        consumer.delivered(new ConsumerHistory.Delivery(seq, Integer.parseInt(tokens[4]), Long.parseLong(tokens[6]),
                mail.sentNs(), id));
        calls.world().trace().note(() -> "client of " + history.name() + " > " + consumer.name() + " gets " + seq
                + ", delivery " + tokens[4] + ", m" + id + " from " + mail.node());
        calls.after(isCalm ? 0 : calls.random().nextLong(SECOND / 20), () -> answer(mail.reply(), seq));
        if (--wanted == 0) {
            fetch();
        }
    }

    private void answer(final String ackSubject, final long seq) {
        final SplittableRandom random = calls.random();
        final int choice = isCalm ? 0 : random.nextInt(20);
        if (choice < 14) {
            ack(ackSubject, seq);
        } else if (choice < 16) {
            tell(ackSubject, "-NAK");
        } else if (choice < 17) {
            tell(ackSubject, "-NAK {\"delay\":" + random.nextLong(SECOND) + "}");
        } else if (choice < 18) {
            tell(ackSubject, "+WPI");
        }                                           // else it is forgotten, and delivered again
    }

    private void ack(final String ackSubject, final long seq) {
        consumer.ackSent(seq, calls.nowNs());
        calls.ask(this::leads, (process, reply) -> acknowledge(process, ackSubject, reply, "+ACK"), 2 * SECOND,
                mail -> {
                    if (mail != null) {
                        consumer.confirmed(seq, calls.nowNs());
                    }
                });
    }

    private void tell(final String ackSubject, final String word) {
        final var node = calls.leading(this::leads);
        if (node != null) {
            calls.world().clients().send(node, process -> acknowledge(process, ackSubject, "", word));
        }
    }

    private void acknowledge(final NodeProcess process, final String ackSubject, final String reply,
            final String word) {
        final ConsumerReplica replica = replica(process);
        if (replica != null && replica.isLeader()) {
            replica.ack(message(ackSubject, reply, word));
        }
    }

    private static ClientMessage message(final String subject, final String reply, final String payload) {
        final byte[] to = subject.getBytes(StandardCharsets.UTF_8);
        final byte[] back = reply.getBytes(StandardCharsets.UTF_8);
        final byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new ClientMessage().wrap(to, to.length, back, back.length).payload(ByteBuffer.wrap(bytes), 0,
                bytes.length);
    }
}

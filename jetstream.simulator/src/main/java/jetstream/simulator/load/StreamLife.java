package jetstream.simulator.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.Retention;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;
import jetstream.engine.shard.StreamReplica;
import jetstream.simulator.world.Mail;
import jetstream.simulator.world.NodeProcess;

/** One stream by name through its incarnations: made, used, deleted, made again. */
final class StreamLife {
    private static final long SECOND = 1_000_000_000L;
    private static final long TIMEOUT_NS = 2 * SECOND;
    private static final String NOT_FOUND = "-10059";

    private final Calls calls;
    private final Publisher.PublishIds ids;
    private final String name;
    private final StreamKind kind;
    private final int replicas;
    private final List<StreamHistory> incarnations = new ArrayList<>();
    private StreamHistory now;
    private Publisher publisher;
    private Fetcher fetcher;
    private StreamHistory probed;
    private boolean isCalm;

    StreamLife(final Calls calls, final Publisher.PublishIds ids, final String name, final StreamKind kind,
            final int replicas) {
        this.calls = calls;
        this.ids = ids;
        this.name = name;
        this.kind = kind;
        this.replicas = replicas;
    }

    List<StreamHistory> incarnations() {
        return incarnations;
    }

    StreamHistory now() {
        return now;
    }

    /** Makes the stream, and its consumer, until both are there. */
    void create() {
        final boolean isQueue = kind == StreamKind.QUEUE;
        final int deliveriesMax = !isQueue && calls.random().nextInt(3) == 0 ? 5 : -1;
        now = new StreamHistory(name, kind, replicas, incarnations.size() + 1, deliveriesMax);
        incarnations.add(now);
        publisher = new Publisher(calls, now, ids);
        fetcher = now.consumer() == null ? null : new Fetcher(calls, now);
        createStream(now);
    }

    private void createStream(final StreamHistory made) {
        final StreamConfig config = StreamConfig.builder().name(name).subjects(List.of(made.prefix() + ">"))
                .replicas(replicas).storage(Storage.FILE)
                .retention(kind == StreamKind.QUEUE ? Retention.WORKQUEUE : Retention.LIMITS)
                .maxMsgsPerSubject(kind == StreamKind.KEYS ? 1 : -1).build();
        ask((process, reply) -> {
            if (!made.isDeleteAsked()) {            // a request that comes so late has been given up
                process.members().createStream(config, reply);
            }
        }, mail -> {
            made.created();
            if (made.consumer() != null) {
                createConsumer(made);
            }
        });
    }

    private void createConsumer(final StreamHistory made) {
        final ConsumerConfig config = ConsumerConfig.builder().durableName(made.consumer().name())
                .ackPolicy(AckPolicy.EXPLICIT).ackWaitNs(SECOND).maxDeliver(made.consumer().deliveriesMax())
                .maxAckPending(20).build();
        ask((process, reply) -> {
            if (!made.isDeleteAsked()) {
                process.members().createConsumer(name, config, reply);
            }
        }, mail -> {
            if (made == now && !made.isDeleteAsked()) {
                made.consumer().created();
                if (isCalm) {
                    fetcher.calm();
                }
                fetcher.fetch();
            }
        });
    }

    /** Deletes the stream and makes it again, once it is certain that the old one is gone. */
    void recreate() {
        if (!now.isAlive() || now.consumer() != null && !now.consumer().isCreated()) {
            return;
        }
        now.deleteAsked();
        calls.world().trace().note(() -> "client deletes " + now);
        final StreamHistory gone = now;
        ask((process, reply) -> {
            if (now == gone) {
                process.members().deleteStream(name, reply);
            }
        }, mail -> create());
    }

    /** Repeats a request to the meta leader until it answers that it is done, or was done before. */
    private void ask(final BiConsumer<NodeProcess, String> request, final Consumer<Mail> then) {
        calls.ask(process -> process.shard().meta().isLeader(), request, TIMEOUT_NS, mail -> {
            if (mail == null) {
                ask(request, then);
            } else if (mail.text().startsWith("-") && !mail.text().startsWith(NOT_FOUND)) {
                calls.world().trace().fail("stream " + name + ": the meta leader refused: " + mail.text());
            } else {
                then.accept(mail);
            }
        });
    }

    /** One thing that clients do. */
    void act() {
        if (!now.isAlive()) {
            return;
        }
        if (kind == StreamKind.PURGED && calls.random().nextInt(25) == 0) {
            remove();
        } else {
            publisher.next();
        }
    }

    /** From now on only progress counts: a message must be stored, and everything consumed. */
    void calm() {
        isCalm = true;
        if (fetcher != null) {
            fetcher.calm();
        }
    }

    /** Publishes until something is stored, as soon as the stream is there. */
    void probe() {
        if (now.isAlive() && probed != now) {
            probed = now;
            publisher.probe();
        }
    }

    private void remove() {
        final SplittableRandom random = calls.random();
        final long highest = now.publishes().stream().mapToLong(Publish::seq).max().orElse(0);
        final int choice = random.nextInt(4);
        if (highest == 0) {
            return;
        }
        final StreamHistory of = now;
        final StreamHistory.Removal removal = switch (choice) {
            case 0 -> new StreamHistory.Removal(calls.nowNs(), 0, 0, random.nextInt(3));
            case 1 -> new StreamHistory.Removal(calls.nowNs(), 0, 1 + random.nextLong(highest), 0);
            default -> new StreamHistory.Removal(calls.nowNs(), 1 + random.nextLong(highest), 0, 0);
        };
        of.removals().add(removal);
        calls.ask(process -> leads(process, of), (process, reply) -> remove(process, removal, reply), TIMEOUT_NS,
                mail -> {
                    if (mail != null) {
                        removal.answered(calls.nowNs());
                    }
                });
    }

    private boolean leads(final NodeProcess process, final StreamHistory of) {
        final StreamReplica stream = process.stream(name);
        return stream != null && stream.isLeader() && of.isOf(stream);
    }

    private void remove(final NodeProcess process, final StreamHistory.Removal removal, final String reply) {
        final StreamReplica stream = process.stream(name);
        if (stream == null) {
            return;
        }
        if (removal.seq() > 0) {
            stream.deleteMessage(removal.seq(), true, (failure, none) -> process.answer(reply, "done"));
        } else {
            stream.purge("".getBytes(StandardCharsets.UTF_8), removal.below(), removal.keep(),
                    (failure, count) -> process.answer(reply, "done " + count));
        }
    }
}

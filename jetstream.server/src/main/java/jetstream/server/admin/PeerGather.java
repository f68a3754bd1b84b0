package jetstream.server.admin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jetstream.api.NodeId;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;

/**
 * Asks the other JetStream servers for the info of assets that they lead, over subjects of the system account, and puts
 * the answers together. An answer that does not come in time, or from a server that is gone, is left out. Owner: the
 * node thread.
 */
public final class PeerGather {
    private static final String PREFIX = "$JSC.GATHER.";
    private static final long TIMEOUT_NS = 4_000_000_000L;

    private final AdminContext context;
    private final InfoJson info;
    private final Account system;
    private final Msg msg = new Msg();
    private final Map<Long, Round> rounds = new LinkedHashMap<>();
    private long lastRound;

    PeerGather(final AdminContext context, final InfoJson info) {
        this.context = context;
        this.info = info;
        system = context.router().account(context.config().systemAccount());
    }

    /** Starts to answer questions of other servers. */
    void start() {
        context.router().subscribe(system, PREFIX + "ASK." + context.node().peerId(), null,
                (account, origin, message) -> answer(message));
        context.router().subscribe(system, PREFIX + "ANSWER." + context.node().peerId() + ".*.*", null,
                (account, origin, message) -> take(message));
    }

    /** Info of those streams by name, as far as leaders can be reached. */
    void streams(final String account, final List<String> names, final Consumer<Map<String, byte[]>> then) {
        gather(new Question(account, "", names), then);
    }

    /** Info of those consumers of a stream by name, as far as leaders can be reached. */
    void consumers(final String account, final String stream, final List<String> names,
            final Consumer<Map<String, byte[]>> then) {
        gather(new Question(account, stream, names), then);
    }

    /**
     * What is asked.
     *
     * @param account whose assets
     * @param stream stream of the consumers; empty if streams are asked for
     * @param names names of the assets
     */
    private record Question(String account, String stream, List<String> names) {
        byte[] encode() {
            return JsonText.object(t -> t.put("account", account).put("stream", stream).strings("names", names));
        }

        static Question decode(final byte[] json) {
            final JsonObject o = JsonObject.parse(json);
            return new Question(o.string("account", ""), o.string("stream", ""), o.strings("names"));
        }
    }

    /** Questions that wait for answers. */
    private static final class Round {
        private final Map<String, byte[]> found = new HashMap<>();
        private final Consumer<Map<String, byte[]>> then;
        private final long number;
        private final long startedNs = System.nanoTime();
        private final int wanted;
        private final Set<NodeId> asked = new HashSet<>();

        Round(final long number, final int wanted, final Consumer<Map<String, byte[]>> then) {
            this.number = number;
            this.wanted = wanted;
            this.then = then;
        }
    }

    private void gather(final Question question, final Consumer<Map<String, byte[]>> then) {
        final Round round = new Round(++lastRound, question.names().size(), then);
        round.found.putAll(local(question));
        if (round.found.size() < round.wanted) {
            final byte[] body = question.encode();
            for (final NodeId node : others()) {
                round.asked.add(node);
                final String reply = PREFIX + "ANSWER." + context.node().peerId() + "." + round.number + "."
                        + node.peerId();
                context.router().publish(system, msg.clear().subject(PREFIX + "ASK." + node.peerId()).reply(reply)
                        .body(body, 0, 0, body.length));
            }
        }
        if (round.asked.isEmpty() || round.found.size() >= round.wanted) {
            then.accept(round.found);
            return;
        }
        rounds.put(round.number, round);
    }

    private List<NodeId> others() {
        final List<NodeId> others = new ArrayList<>();
        context.shard().meta().state().nodes().forEach(node -> {
            if (!node.node().equals(context.node()) && context.isOnline().test(node.node())) {
                others.add(node.node());
            }
        });
        return others;
    }

    private Map<String, byte[]> local(final Question question) {
        final Map<String, byte[]> found = new HashMap<>();
        for (final String name : question.names()) {
            final StreamReplica stream = context.shard().stream(question.account(),
                    question.stream().isEmpty() ? name : question.stream());
            if (stream == null) {
                continue;
            }
            if (question.stream().isEmpty() && stream.isLeader()) {
                found.put(name, JsonText.object(t -> info.stream(t, stream, InfoJson.StateDetails.NONE)));
            } else if (!question.stream().isEmpty()) {
                final ConsumerReplica consumer = stream.consumer(name);
                if (consumer != null && consumer.isLeader()) {
                    found.put(name, JsonText.object(t -> info.consumer(t, consumer)));
                }
            }
        }
        return found;
    }

    private void answer(final Msg question) {
        final byte[] body = new byte[question.totalLength()];
        question.bodyBuffer().get(question.bodyOffset(), body);
        final String reply = new String(question.reply(), 0, question.replyLength(), StandardCharsets.UTF_8);
        final Map<String, byte[]> found = local(Question.decode(body));
        final byte[] answer = JsonText.object(t -> found.forEach(t::raw));
        context.router().publish(system, msg.clear().subject(reply).body(answer, 0, 0, answer.length));
    }

    private void take(final Msg answer) {
        final String subject = new String(answer.subject(), 0, answer.subjectLength(), StandardCharsets.UTF_8);
        final String[] tokens = subject.split("\\.");
        final Round round = rounds.get(Long.parseLong(tokens[tokens.length - 2]));
        if (round == null) {
            return;
        }
        final byte[] body = new byte[answer.totalLength()];
        answer.bodyBuffer().get(answer.bodyOffset(), body);
        round.found.putAll(JsonObject.parse(body).rawMembers());
        round.asked.removeIf(node -> node.peerId().equals(tokens[tokens.length - 1]));
        if (round.asked.isEmpty() || round.found.size() >= round.wanted) {
            finish(round);
        }
    }

    private void finish(final Round round) {
        if (rounds.remove(round.number) != null) {
            round.then.accept(round.found);
        }
    }

    /** Ends rounds that waited too long, or for servers only that are gone. */
    void tick(final long nowNs) {
        for (final Round round : List.copyOf(rounds.values())) {
            round.asked.removeIf(node -> !context.isOnline().test(node));
            if (round.asked.isEmpty() || nowNs - round.startedNs >= TIMEOUT_NS) {
                finish(round);
            }
        }
    }
}

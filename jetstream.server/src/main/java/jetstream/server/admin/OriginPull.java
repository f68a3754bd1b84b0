package jetstream.server.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import jetstream.api.config.StreamSource;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.shard.StreamReplica;
import jetstream.engine.stream.OriginCopier;
import jetstream.engine.stream.PublishDraft;
import jetstream.server.route.Account;
import jetstream.server.route.InternalSubscription;
import jetstream.server.route.Msg;

/**
 * Fetches the messages of one origin for a mirror or a sourced stream that this server leads: makes an ordered push
 * consumer on the origin, wherever that is, and offers to the stream what arrives. How far it has come is part of the
 * stream's replicated state, so a new leader goes on where the old one's committed entries end, and a gap in the
 * delivery, silence or a full stream lead to a new consumer behind the last message that was taken. Owner: the node
 * thread.
 */
final class OriginPull {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long HEARTBEAT_NS = NS_PER_S;
    private static final long SILENCE_MAX_NS = 10 * NS_PER_S;
    private static final long ANSWER_MAX_NS = 5 * NS_PER_S;
    private static final long REST_NS = NS_PER_S / 4;
    private static final long FAILURE_REST_MAX_NS = 10 * NS_PER_S;
    private static final int ACK_TOKENS = 9;
    private static final int ACK_TOKENS_WITH_DOMAIN = 11;
    private static final String STATUS = "NATS/1.0 100";

    private enum Stage {
        /** Nothing was asked for. */
        NEW,
        /** Waits for the time to ask. */
        RESTING,
        /** Has asked for a consumer. */
        ASKED,
        /** Messages come. */
        FLOWING
    }

    private final AdminContext context;
    private final StreamReplica stream;
    private final StreamSource origin;
    private final boolean isMirror;
    private final Account account;
    private final OriginCopier copier;
    private final Msg outgoing = new Msg();
    private final PublishDraft draft = new PublishDraft();
    private Stage stage = Stage.NEW;
    private InternalSubscription deliveries;
    private InternalSubscription answers;
    private final String identity;
    private long nextSeq;
    private long lastTakenSeq;
    private long delivered;
    private long lag;
    private long heardNs;
    private long untilNs;
    private int failures;
    private byte[] error;

    OriginPull(final AdminContext context, final StreamReplica stream, final StreamSource origin,
            final boolean isMirror) {
        this.context = context;
        this.stream = stream;
        this.origin = origin;
        this.isMirror = isMirror;
        account = context.router().account(stream.assignment().account());
        copier = new OriginCopier(origin, isMirror);
        identity = Integer.toString(origin.name().hashCode() & Integer.MAX_VALUE, Character.MAX_RADIX);
    }

    StreamSource origin() {
        return origin;
    }

    /** Called about ten times a second. */
    void tick(final long nowNs) {
        switch (stage) {
            case NEW -> start(nowNs);
            case RESTING -> {
                if (nowNs - untilNs >= 0) {
                    ask(nowNs);
                }
            }
            case ASKED -> {
                if (nowNs - untilNs >= 0) {
                    rest(nowNs, failureRestNs());
                }
            }
            case FLOWING -> {
                if (nowNs - heardNs >= SILENCE_MAX_NS) {
                    rest(nowNs, 0);
                }
            }
        }
    }

    private void start(final long nowNs) {
        lastTakenSeq = isMirror ? stream.engine().lastSeq() : stream.engine().lastTaken(copier.key());
        nextSeq = lastTakenSeq == 0 ? 0 : lastTakenSeq + 1;
        ask(nowNs);
    }

    private String apiPrefix() {
        final String own = "$JS.API";
        if (origin.external() == null || origin.external().api().isEmpty()) {
            return own;
        }
        final String api = origin.external().api();
        return api.equals("$JS." + context.domain() + ".API") ? own : api;
    }

    private void ask(final long nowNs) {
        stage = Stage.ASKED;
        untilNs = nowNs + ANSWER_MAX_NS;
        delivered = 0;
        final String id = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        final String prefix = origin.external() == null || origin.external().deliver().isEmpty()
                ? isMirror ? "$JS.M." : "$JS.S."
                : origin.external().deliver() + '.';
        final String deliver = prefix + id;
        final String reply = "$JS.S.R." + id;
        deliveries = context.router().subscribe(account, deliver, null, (owner, from, msg) -> onDelivery(msg));
        answers = context.router().subscribe(account, reply, null, (owner, from, msg) -> onAnswer(msg));
        final byte[] request = JsonText.object(t -> t.put("stream_name", origin.name())
                .object("config", c -> writeConfig(c, deliver)));
        context.router().publish(account, outgoing.clear()
                .subject(apiPrefix() + ".CONSUMER.CREATE." + origin.name()).reply(reply)
                .body(request, 0, 0, request.length));
    }

    private void writeConfig(final JsonText c, final String deliver) {
        c.put("deliver_subject", deliver).put("ack_policy", "none").put("replay_policy", "instant")
                .put("flow_control", true).put("idle_heartbeat", HEARTBEAT_NS).put("inactive_threshold", SILENCE_MAX_NS)
                .put("num_replicas", 1).put("mem_storage", true).put("max_deliver", 1);
        final Instant startTime = origin.optStartTime();
        if (nextSeq > 0 || origin.optStartSeq() > 0) {
            c.put("deliver_policy", "by_start_sequence").put("opt_start_seq", Math.max(nextSeq, origin.optStartSeq()));
        } else if (startTime != null) {
            c.put("deliver_policy", "by_start_time").opt("opt_start_time", startTime);
        } else {
            c.put("deliver_policy", "all");
        }
        c.opt("filter_subject", origin.filterSubject());
        final List<String> filters =
                origin.subjectTransforms().stream().map(t -> t.src().isEmpty() ? ">" : t.src()).toList();
        if (!filters.isEmpty() && !filters.contains(">")) {
            c.strings("filter_subjects", filters);
        }
    }

    private void onAnswer(final Msg msg) {
        if (stage != Stage.ASKED) {
            return;
        }
        final long nowNs = System.nanoTime();
        final int headersLength = msg.headersLength();
        final byte[] body = new byte[msg.totalLength() - headersLength];
        msg.bodyBuffer().get(msg.bodyOffset() + headersLength, body);
        final JsonObject answer = body.length == 0 ? null : JsonObject.parse(body);
        if (answer == null || answer.has("error")) {
            error = answer == null ? null : answer.rawMembers().get("error");
            rest(nowNs, failureRestNs());
            return;
        }
        error = null;
        failures = 0;
        heardNs = nowNs;
        stage = Stage.FLOWING;
        answers.cancel();
    }

    private long failureRestNs() {
        failures = Math.min(failures + 1, 10);
        return Math.min(failures * NS_PER_S, FAILURE_REST_MAX_NS);
    }

    private void rest(final long nowNs, final long ns) {
        unsubscribe();
        stage = Stage.RESTING;
        untilNs = nowNs + ns;
    }

    private void unsubscribe() {
        if (deliveries != null) {
            deliveries.cancel();
            answers.cancel();
        }
    }

    /** Nothing is fetched any more. */
    void stop() {
        unsubscribe();
    }

    private void onDelivery(final Msg msg) {
        if (stage != Stage.FLOWING && stage != Stage.ASKED) {
            return;
        }
        heardNs = System.nanoTime();
        if (isStatus(msg)) {
            onStatus(msg);
        } else {
            onMessage(msg);
        }
    }

    private static boolean isStatus(final Msg msg) {
        if (msg.headersLength() < STATUS.length() || msg.totalLength() != msg.headersLength()) {
            return false;
        }
        final ByteBuffer buffer = msg.bodyBuffer();
        for (int i = 0; i < STATUS.length(); i++) {
            if (buffer.get(msg.bodyOffset() + i) != STATUS.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A heartbeat or a question of the flow control, which is answered at once: everything before it is taken. */
    private void onStatus(final Msg msg) {
        final byte[] headers = new byte[msg.headersLength()];
        msg.bodyBuffer().get(msg.bodyOffset(), headers);
        long lastDelivered = 0;
        String stalled = "";
        for (final String line : new String(headers, StandardCharsets.US_ASCII).split("\r\n")) {
            if (line.startsWith("Nats-Last-Consumer: ")) {
                lastDelivered = Long.parseLong(line.substring(line.indexOf(' ') + 1).strip());
            } else if (line.startsWith("Nats-Consumer-Stalled: ")) {
                stalled = line.substring(line.indexOf(' ') + 1).strip();
            }
        }
        if (msg.hasReply()) {
            context.router().publish(account, outgoing.clear().subject(msg.replyText()).body(new byte[0], 0, 0, 0));
        } else if (!stalled.isEmpty()) {
            context.router().publish(account, outgoing.clear().subject(stalled).body(new byte[0], 0, 0, 0));
        }
        if (lastDelivered > delivered) {
            rest(System.nanoTime(), 0); // what was lost was the last there was
        }
    }

    private void onMessage(final Msg msg) {
        final String[] ack = msg.replyText().split("\\.");
        if (ack.length < ACK_TOKENS) {
            return;
        }
        final int shift = ack.length >= ACK_TOKENS_WITH_DOMAIN ? 2 : 0;
        final long seq = Long.parseLong(ack[5 + shift]);
        final long consumerSeq = Long.parseLong(ack[6 + shift]);
        final long epochNs = Long.parseLong(ack[7 + shift]);
        if (consumerSeq != delivered + 1) {
            rest(System.nanoTime(), 0);
            return;
        }
        delivered = consumerSeq;
        lag = Long.parseLong(ack[8 + shift]);
        if (seq < nextSeq) {
            return;
        }
        draft.subject(msg.subject(), msg.subjectLength())
                .headers(msg.bodyBuffer(), msg.bodyOffset(), msg.headersLength())
                .payload(msg.bodyBuffer(), msg.bodyOffset() + msg.headersLength(),
                        msg.totalLength() - msg.headersLength());
        copier.prepare(draft, seq, identity);
        if (!(isMirror ? stream.copy(seq, epochNs, draft) : stream.take(draft))) {
            rest(System.nanoTime(), REST_NS);
            return;
        }
        nextSeq = seq + 1;
        lastTakenSeq = seq;
    }

    /** Members of {@code mirror} or of one of {@code sources} in stream info. */
    void write(final JsonText t) {
        t.put("name", origin.name());
        if (origin.external() != null) {
            t.object("external", x -> x.put("api", origin.external().api()).opt("deliver",
                    origin.external().deliver()));
        }
        t.put("lag", lag);
        if (!isMirror) {
            t.opt("seq", lastTakenSeq);
        }
        t.put("active", heardNs == 0 ? -1 : System.nanoTime() - heardNs);
        t.opt("filter_subject", origin.filterSubject());
        if (!origin.subjectTransforms().isEmpty()) {
            t.objects("subject_transforms", origin.subjectTransforms(),
                    (o, s) -> o.put("src", s.src()).put("dest", s.dest()));
        }
        if (error != null) {
            t.raw("error", error);
        }
    }
}

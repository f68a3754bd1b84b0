package jetstream.engine.json;

import java.util.TreeMap;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.PriorityPolicy;

/** ConsumerConfig in JSON: the names and the rules for leaving fields out are the protocol's. */
public final class ConsumerConfigJson {
    private ConsumerConfigJson() {
    }

    /**
     * Reads a configuration; absent fields take their defaults. Asks for every field it knows, so that the caller can
     * refuse others.
     *
     * @throws JsonException if a value has the wrong type or an unknown word
     */
    public static ConsumerConfig read(final JsonObject o) {
        final ConsumerConfig.Builder b = ConsumerConfig.builder();
        readFirst(b, o);
        readMiddle(b, o);
        readLast(b, o);
        return b.build();
    }

    /** Reads a configuration that this server wrote. */
    public static ConsumerConfig decode(final byte[] json) {
        return read(JsonObject.parse(json));
    }

    /** The configuration as an object of its own. */
    public static byte[] encode(final ConsumerConfig c) {
        return JsonText.object(t -> write(t, c));
    }

    /** Writes the members. */
    public static void write(final JsonText t, final ConsumerConfig c) {
        writeFirst(t, c);
        writeLast(t, c);
    }

    private static void readFirst(final ConsumerConfig.Builder b, final JsonObject o) {
        b.durableName(o.string("durable_name", ""))
                .name(o.string("name", ""))
                .description(o.string("description", ""))
                .deliverPolicy(ConfigWords.deliverPolicy(o.string("deliver_policy", null)))
                .optStartSeq(o.integer("opt_start_seq", 0))
                .optStartTime(o.time("opt_start_time"))
                .ackPolicy(ConfigWords.ackPolicy(o.string("ack_policy", null)))
                .ackWaitNs(o.integer("ack_wait", 0))
                .maxDeliver(o.integer32("max_deliver", -1))
                .backoffNs(o.integers("backoff"))
                .filterSubject(o.string("filter_subject", ""))
                .filterSubjects(o.strings("filter_subjects"));
    }

    private static void readMiddle(final ConsumerConfig.Builder b, final JsonObject o) {
        b.replayPolicy(ConfigWords.replayPolicy(o.string("replay_policy", null)))
                .rateLimitBps(o.integer("rate_limit_bps", 0))
                .sampleFreq(o.string("sample_freq", ""))
                .maxWaiting(o.integer32("max_waiting", 0))
                .maxAckPending(o.integer32("max_ack_pending", 0))
                .flowControl(o.bool("flow_control", false))
                .headersOnly(o.bool("headers_only", false))
                .maxRequestBatch(o.integer32("max_batch", 0))
                .maxRequestExpiresNs(o.integer("max_expires", 0))
                .maxRequestMaxBytes(o.integer32("max_bytes", 0))
                .deliverSubject(o.string("deliver_subject", ""))
                .deliverGroup(o.string("deliver_group", ""));
    }

    private static void readLast(final ConsumerConfig.Builder b, final JsonObject o) {
        b.idleHeartbeatNs(o.integer("idle_heartbeat", 0))
                .inactiveThresholdNs(o.integer("inactive_threshold", 0))
                .replicas(o.integer32("num_replicas", 0))
                .memStorage(o.bool("mem_storage", false))
                .direct(o.bool("direct", false))
                .sourcing(o.bool("sourcing", false))
                .metadata(o.stringMap("metadata"))
                .pauseUntil(o.time("pause_until"))
                .priorityGroups(o.strings("priority_groups"))
                .priorityPolicy(ConfigWords.priorityPolicy(o.string("priority_policy", null)))
                .priorityTimeoutNs(o.integer("priority_timeout", 0));
    }

    private static void writeFirst(final JsonText t, final ConsumerConfig c) {
        t.opt("durable_name", c.durableName());
        t.opt("name", c.name());
        t.opt("description", c.description());
        t.put("deliver_policy", c.deliverPolicy().json());
        t.opt("opt_start_seq", c.optStartSeq());
        t.opt("opt_start_time", c.optStartTime());
        t.put("ack_policy", c.ackPolicy().json());
        t.opt("ack_wait", c.ackWaitNs());
        t.opt("max_deliver", c.maxDeliver());
        if (!c.backoffNs().isEmpty()) {
            t.integers("backoff", c.backoffNs());
        }
        t.opt("filter_subject", c.filterSubject());
        if (!c.filterSubjects().isEmpty()) {
            t.strings("filter_subjects", c.filterSubjects());
        }
        t.put("replay_policy", c.replayPolicy().json());
        t.opt("rate_limit_bps", c.rateLimitBps());
        t.opt("sample_freq", c.sampleFreq());
        t.opt("max_waiting", c.maxWaiting());
        t.opt("max_ack_pending", c.maxAckPending());
        t.opt("flow_control", c.flowControl());
    }

    private static void writeLast(final JsonText t, final ConsumerConfig c) {
        t.opt("headers_only", c.headersOnly());
        t.opt("max_batch", c.maxRequestBatch());
        t.opt("max_expires", c.maxRequestExpiresNs());
        t.opt("max_bytes", c.maxRequestMaxBytes());
        t.opt("deliver_subject", c.deliverSubject());
        t.opt("deliver_group", c.deliverGroup());
        t.opt("idle_heartbeat", c.idleHeartbeatNs());
        t.opt("inactive_threshold", c.inactiveThresholdNs());
        t.put("num_replicas", c.replicas());
        t.opt("mem_storage", c.memStorage());
        t.opt("direct", c.direct());
        t.opt("sourcing", c.sourcing());
        if (!c.metadata().isEmpty()) {
            t.map("metadata", new TreeMap<>(c.metadata()));
        }
        t.opt("pause_until", c.pauseUntil());
        if (!c.priorityGroups().isEmpty()) {
            t.strings("priority_groups", c.priorityGroups());
        }
        if (c.priorityPolicy() != PriorityPolicy.NONE) {
            t.put("priority_policy", c.priorityPolicy().json());
        }
        t.opt("priority_timeout", c.priorityTimeoutNs());
    }
}

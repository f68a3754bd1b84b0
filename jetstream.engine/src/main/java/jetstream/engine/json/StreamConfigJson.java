package jetstream.engine.json;

import java.util.TreeMap;
import jetstream.api.config.PersistMode;
import jetstream.api.config.StreamConfig;

/** StreamConfig in JSON: the names and the rules for leaving fields out are the protocol's. */
public final class StreamConfigJson {
    private StreamConfigJson() {
    }

    /**
     * Reads a configuration; absent fields take their defaults. Asks for every field it knows, so that the caller can
     * refuse others.
     *
     * @throws JsonException if a value has the wrong type or an unknown word
     */
    public static StreamConfig read(final JsonObject o) {
        final StreamConfig.Builder b = StreamConfig.builder();
        readFirst(b, o);
        readMiddle(b, o);
        readLast(b, o);
        return b.build();
    }

    /** Reads a configuration that this server wrote. */
    public static StreamConfig decode(final byte[] json) {
        return read(JsonObject.parse(json));
    }

    /** The configuration as an object of its own. */
    public static byte[] encode(final StreamConfig c) {
        return JsonText.object(t -> write(t, c));
    }

    /** Writes the members. */
    public static void write(final JsonText t, final StreamConfig c) {
        writeFirst(t, c);
        writeLast(t, c);
    }

    private static void readFirst(final StreamConfig.Builder b, final JsonObject o) {
        b.name(o.string("name", ""))
                .description(o.string("description", ""))
                .subjects(o.strings("subjects"))
                .retention(ConfigWords.retention(o.string("retention", null)))
                .maxConsumers(o.integer32("max_consumers", -1))
                .maxMsgs(o.integer("max_msgs", -1))
                .maxBytes(o.integer("max_bytes", -1))
                .maxAgeNs(o.integer("max_age", 0))
                .maxMsgsPerSubject(o.integer("max_msgs_per_subject", -1))
                .maxMsgSize(o.integer32("max_msg_size", -1))
                .discard(ConfigWords.discard(o.string("discard", null)))
                .storage(ConfigWords.storage(o.string("storage", null)))
                .replicas(o.integer32("num_replicas", 1));
    }

    private static void readMiddle(final StreamConfig.Builder b, final JsonObject o) {
        b.noAck(o.bool("no_ack", false))
                .duplicateWindowNs(o.integer("duplicate_window", 0))
                .placement(PartsJson.placement(o.object("placement")))
                .mirror(SourceJson.read(o.object("mirror")))
                .sources(o.objects("sources").stream().map(SourceJson::read).toList())
                .compression(ConfigWords.compression(o.string("compression", null)))
                .firstSeq(o.integer("first_seq", 0))
                .subjectTransform(PartsJson.subjectTransform(o.object("subject_transform")))
                .republish(PartsJson.republish(o.object("republish")))
                .allowDirect(o.bool("allow_direct", false))
                .mirrorDirect(o.bool("mirror_direct", false))
                .discardNewPerSubject(o.bool("discard_new_per_subject", false))
                .sealed(o.bool("sealed", false));
    }

    private static void readLast(final StreamConfig.Builder b, final JsonObject o) {
        b.denyDelete(o.bool("deny_delete", false))
                .denyPurge(o.bool("deny_purge", false))
                .allowRollup(o.bool("allow_rollup_hdrs", false))
                .consumerLimits(PartsJson.consumerLimits(o.object("consumer_limits")))
                .allowMsgTtl(o.bool("allow_msg_ttl", false))
                .subjectDeleteMarkerTtlNs(o.integer("subject_delete_marker_ttl", 0))
                .allowMsgCounter(o.bool("allow_msg_counter", false))
                .allowAtomic(o.bool("allow_atomic", false))
                .allowMsgSchedules(o.bool("allow_msg_schedules", false))
                .persistMode(ConfigWords.persistMode(o.string("persist_mode", null)))
                .allowBatched(o.bool("allow_batched", false))
                .metadata(o.stringMap("metadata"));
    }

    private static void writeFirst(final JsonText t, final StreamConfig c) {
        t.put("name", c.name());
        t.opt("description", c.description());
        if (!c.subjects().isEmpty()) {
            t.strings("subjects", c.subjects());
        }
        t.put("retention", c.retention().json());
        t.put("max_consumers", c.maxConsumers());
        t.put("max_msgs", c.maxMsgs());
        t.put("max_bytes", c.maxBytes());
        t.put("max_age", c.maxAgeNs());
        t.put("max_msgs_per_subject", c.maxMsgsPerSubject());
        t.opt("max_msg_size", c.maxMsgSize());
        t.put("discard", c.discard().json());
        t.put("storage", c.storage().json());
        t.put("num_replicas", c.replicas());
        t.opt("no_ack", c.noAck());
        t.opt("duplicate_window", c.duplicateWindowNs());
        if (c.placement() != null) {
            t.object("placement", m -> PartsJson.write(m, c.placement()));
        }
        if (c.mirror() != null) {
            t.object("mirror", m -> SourceJson.write(m, c.mirror()));
        }
        if (!c.sources().isEmpty()) {
            t.objects("sources", c.sources(), SourceJson::write);
        }
        t.put("compression", c.compression().json());
    }

    private static void writeLast(final JsonText t, final StreamConfig c) {
        t.opt("first_seq", c.firstSeq());
        if (c.subjectTransform() != null) {
            t.object("subject_transform", m -> PartsJson.write(m, c.subjectTransform()));
        }
        if (c.republish() != null) {
            t.object("republish", m -> PartsJson.write(m, c.republish()));
        }
        t.put("allow_direct", c.allowDirect());
        t.put("mirror_direct", c.mirrorDirect());
        t.opt("discard_new_per_subject", c.discardNewPerSubject());
        t.put("sealed", c.sealed());
        t.put("deny_delete", c.denyDelete());
        t.put("deny_purge", c.denyPurge());
        t.put("allow_rollup_hdrs", c.allowRollup());
        t.object("consumer_limits", m -> PartsJson.write(m, c.consumerLimits()));
        t.put("allow_msg_ttl", c.allowMsgTtl());
        t.opt("subject_delete_marker_ttl", c.subjectDeleteMarkerTtlNs());
        t.opt("allow_msg_counter", c.allowMsgCounter());
        t.opt("allow_atomic", c.allowAtomic());
        t.opt("allow_msg_schedules", c.allowMsgSchedules());
        if (c.persistMode() != PersistMode.DEFAULT) {
            t.put("persist_mode", c.persistMode().json());
        }
        t.opt("allow_batched", c.allowBatched());
        if (!c.metadata().isEmpty()) {
            t.map("metadata", new TreeMap<>(c.metadata()));
        }
    }
}

package jetstream.api.config;

import java.util.List;
import java.util.Map;

/**
 * A stream as a client configures it. Values as after decoding JSON; checks and defaults are the server's
 * (spec/streams.md section 1).
 *
 * @param name stream name ({@code name})
 * @param description free text; empty if none ({@code description})
 * @param subjects subjects it listens on ({@code subjects})
 * @param retention when messages go ({@code retention})
 * @param maxConsumers most consumers; -1 unlimited ({@code max_consumers})
 * @param maxMsgs most messages; -1 unlimited ({@code max_msgs})
 * @param maxBytes most bytes by the footprint formula; -1 unlimited ({@code max_bytes})
 * @param maxAgeNs longest age in nanoseconds; 0 unlimited ({@code max_age})
 * @param maxMsgsPerSubject most messages of a subject; -1 unlimited ({@code max_msgs_per_subject})
 * @param maxMsgSize longest headers and payload in bytes; -1 unlimited ({@code max_msg_size})
 * @param discard what a full stream does ({@code discard})
 * @param storage medium ({@code storage})
 * @param replicas replicas, 1 to 5 ({@code num_replicas})
 * @param noAck publishes are not acknowledged ({@code no_ack})
 * @param duplicateWindowNs how long message ids are remembered, nanoseconds ({@code duplicate_window})
 * @param placement where; null if anywhere ({@code placement})
 * @param mirror origin; null if none ({@code mirror})
 * @param sources origins ({@code sources})
 * @param compression compression at rest ({@code compression})
 * @param firstSeq sequence of the first message; 0 for 1 ({@code first_seq})
 * @param subjectTransform renames on the way in; null if none ({@code subject_transform})
 * @param republish published again after storing; null if not ({@code republish})
 * @param allowDirect any replica answers direct gets ({@code allow_direct})
 * @param mirrorDirect a mirror answers direct gets of its origin ({@code mirror_direct})
 * @param discardNewPerSubject discard new applies per subject ({@code discard_new_per_subject})
 * @param sealed nothing changes any more ({@code sealed})
 * @param denyDelete no message deletes ({@code deny_delete})
 * @param denyPurge no purges ({@code deny_purge})
 * @param allowRollup rollup headers work ({@code allow_rollup_hdrs})
 * @param consumerLimits defaults and bounds of consumers ({@code consumer_limits})
 * @param allowMsgTtl messages may carry a time to live ({@code allow_msg_ttl})
 * @param subjectDeleteMarkerTtlNs life of delete markers, nanoseconds; 0 none ({@code subject_delete_marker_ttl})
 * @param allowMsgCounter counter stream ({@code allow_msg_counter})
 * @param allowAtomic atomic batches ({@code allow_atomic})
 * @param allowMsgSchedules scheduled messages ({@code allow_msg_schedules})
 * @param persistMode when a publish is acknowledged ({@code persist_mode})
 * @param allowBatched fast batches ({@code allow_batched})
 * @param metadata user's own ({@code metadata})
 */
public record StreamConfig(String name, String description, List<String> subjects, Retention retention,
        int maxConsumers, long maxMsgs, long maxBytes, long maxAgeNs, long maxMsgsPerSubject, int maxMsgSize,
        Discard discard, Storage storage, int replicas, boolean noAck, long duplicateWindowNs, Placement placement,
        StreamSource mirror, List<StreamSource> sources, Compression compression, long firstSeq,
        SubjectTransform subjectTransform, Republish republish, boolean allowDirect, boolean mirrorDirect,
        boolean discardNewPerSubject, boolean sealed, boolean denyDelete, boolean denyPurge, boolean allowRollup,
        ConsumerLimits consumerLimits, boolean allowMsgTtl, long subjectDeleteMarkerTtlNs, boolean allowMsgCounter,
        boolean allowAtomic, boolean allowMsgSchedules, PersistMode persistMode, boolean allowBatched,
        Map<String, String> metadata) {
    /** Copies what could change. */
    public StreamConfig {
        subjects = List.copyOf(subjects);
        sources = List.copyOf(sources);
        metadata = Map.copyOf(metadata);
    }

    /** Bytes that all its replicas together may take by its limit of bytes; 0 if there is none. */
    public long reservedBytes() {
        return Math.max(0, maxBytes) * replicas;
    }

    /** A builder with the defaults that an absent JSON field has. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        final Builder b = new Builder();
        b.name = name;
        b.description = description;
        b.subjects = subjects;
        b.retention = retention;
        b.maxConsumers = maxConsumers;
        b.maxMsgs = maxMsgs;
        b.maxBytes = maxBytes;
        b.maxAgeNs = maxAgeNs;
        b.maxMsgsPerSubject = maxMsgsPerSubject;
        b.maxMsgSize = maxMsgSize;
        b.discard = discard;
        b.storage = storage;
        b.replicas = replicas;
        b.noAck = noAck;
        b.duplicateWindowNs = duplicateWindowNs;
        b.placement = placement;
        b.mirror = mirror;
        b.sources = sources;
        b.compression = compression;
        b.firstSeq = firstSeq;
        b.subjectTransform = subjectTransform;
        b.republish = republish;
        b.allowDirect = allowDirect;
        b.mirrorDirect = mirrorDirect;
        b.discardNewPerSubject = discardNewPerSubject;
        b.sealed = sealed;
        b.denyDelete = denyDelete;
        b.denyPurge = denyPurge;
        b.allowRollup = allowRollup;
        b.consumerLimits = consumerLimits;
        b.allowMsgTtl = allowMsgTtl;
        b.subjectDeleteMarkerTtlNs = subjectDeleteMarkerTtlNs;
        b.allowMsgCounter = allowMsgCounter;
        b.allowAtomic = allowAtomic;
        b.allowMsgSchedules = allowMsgSchedules;
        b.persistMode = persistMode;
        b.allowBatched = allowBatched;
        b.metadata = metadata;
        return b;
    }

    /** Whether it copies other streams. */
    public boolean isMirror() {
        return mirror != null;
    }

    /** Collects values; not thread safe. */
    public static final class Builder {
        private String name = "";
        private String description = "";
        private List<String> subjects = List.of();
        private Retention retention = Retention.LIMITS;
        private int maxConsumers = -1;
        private long maxMsgs = -1;
        private long maxBytes = -1;
        private long maxAgeNs;
        private long maxMsgsPerSubject = -1;
        private int maxMsgSize = -1;
        private Discard discard = Discard.OLD;
        private Storage storage = Storage.FILE;
        private int replicas = 1;
        private boolean noAck;
        private long duplicateWindowNs;
        private Placement placement;
        private StreamSource mirror;
        private List<StreamSource> sources = List.of();
        private Compression compression = Compression.NONE;
        private long firstSeq;
        private SubjectTransform subjectTransform;
        private Republish republish;
        private boolean allowDirect;
        private boolean mirrorDirect;
        private boolean discardNewPerSubject;
        private boolean sealed;
        private boolean denyDelete;
        private boolean denyPurge;
        private boolean allowRollup;
        private ConsumerLimits consumerLimits = ConsumerLimits.NONE;
        private boolean allowMsgTtl;
        private long subjectDeleteMarkerTtlNs;
        private boolean allowMsgCounter;
        private boolean allowAtomic;
        private boolean allowMsgSchedules;
        private PersistMode persistMode = PersistMode.DEFAULT;
        private boolean allowBatched;
        private Map<String, String> metadata = Map.of();

        private Builder() {
        }

        /** Sets {@code name}. */
        public Builder name(final String value) {
            name = value;
            return this;
        }

        /** Sets {@code description}. */
        public Builder description(final String value) {
            description = value;
            return this;
        }

        /** Sets {@code subjects}. */
        public Builder subjects(final List<String> value) {
            subjects = value;
            return this;
        }

        /** Sets {@code retention}. */
        public Builder retention(final Retention value) {
            retention = value;
            return this;
        }

        /** Sets {@code max_consumers}. */
        public Builder maxConsumers(final int value) {
            maxConsumers = value;
            return this;
        }

        /** Sets {@code max_msgs}. */
        public Builder maxMsgs(final long value) {
            maxMsgs = value;
            return this;
        }

        /** Sets {@code max_bytes}. */
        public Builder maxBytes(final long value) {
            maxBytes = value;
            return this;
        }

        /** Sets {@code max_age}. */
        public Builder maxAgeNs(final long value) {
            maxAgeNs = value;
            return this;
        }

        /** Sets {@code max_msgs_per_subject}. */
        public Builder maxMsgsPerSubject(final long value) {
            maxMsgsPerSubject = value;
            return this;
        }

        /** Sets {@code max_msg_size}. */
        public Builder maxMsgSize(final int value) {
            maxMsgSize = value;
            return this;
        }

        /** Sets {@code discard}. */
        public Builder discard(final Discard value) {
            discard = value;
            return this;
        }

        /** Sets {@code storage}. */
        public Builder storage(final Storage value) {
            storage = value;
            return this;
        }

        /** Sets {@code num_replicas}. */
        public Builder replicas(final int value) {
            replicas = value;
            return this;
        }

        /** Sets {@code no_ack}. */
        public Builder noAck(final boolean value) {
            noAck = value;
            return this;
        }

        /** Sets {@code duplicate_window}. */
        public Builder duplicateWindowNs(final long value) {
            duplicateWindowNs = value;
            return this;
        }

        /** Sets {@code placement}. */
        public Builder placement(final Placement value) {
            placement = value;
            return this;
        }

        /** Sets {@code mirror}. */
        public Builder mirror(final StreamSource value) {
            mirror = value;
            return this;
        }

        /** Sets {@code sources}. */
        public Builder sources(final List<StreamSource> value) {
            sources = value;
            return this;
        }

        /** Sets {@code compression}. */
        public Builder compression(final Compression value) {
            compression = value;
            return this;
        }

        /** Sets {@code first_seq}. */
        public Builder firstSeq(final long value) {
            firstSeq = value;
            return this;
        }

        /** Sets {@code subject_transform}. */
        public Builder subjectTransform(final SubjectTransform value) {
            subjectTransform = value;
            return this;
        }

        /** Sets {@code republish}. */
        public Builder republish(final Republish value) {
            republish = value;
            return this;
        }

        /** Sets {@code allow_direct}. */
        public Builder allowDirect(final boolean value) {
            allowDirect = value;
            return this;
        }

        /** Sets {@code mirror_direct}. */
        public Builder mirrorDirect(final boolean value) {
            mirrorDirect = value;
            return this;
        }

        /** Sets {@code discard_new_per_subject}. */
        public Builder discardNewPerSubject(final boolean value) {
            discardNewPerSubject = value;
            return this;
        }

        /** Sets {@code sealed}. */
        public Builder sealed(final boolean value) {
            sealed = value;
            return this;
        }

        /** Sets {@code deny_delete}. */
        public Builder denyDelete(final boolean value) {
            denyDelete = value;
            return this;
        }

        /** Sets {@code deny_purge}. */
        public Builder denyPurge(final boolean value) {
            denyPurge = value;
            return this;
        }

        /** Sets {@code allow_rollup_hdrs}. */
        public Builder allowRollup(final boolean value) {
            allowRollup = value;
            return this;
        }

        /** Sets {@code consumer_limits}. */
        public Builder consumerLimits(final ConsumerLimits value) {
            consumerLimits = value;
            return this;
        }

        /** Sets {@code allow_msg_ttl}. */
        public Builder allowMsgTtl(final boolean value) {
            allowMsgTtl = value;
            return this;
        }

        /** Sets {@code subject_delete_marker_ttl}. */
        public Builder subjectDeleteMarkerTtlNs(final long value) {
            subjectDeleteMarkerTtlNs = value;
            return this;
        }

        /** Sets {@code allow_msg_counter}. */
        public Builder allowMsgCounter(final boolean value) {
            allowMsgCounter = value;
            return this;
        }

        /** Sets {@code allow_atomic}. */
        public Builder allowAtomic(final boolean value) {
            allowAtomic = value;
            return this;
        }

        /** Sets {@code allow_msg_schedules}. */
        public Builder allowMsgSchedules(final boolean value) {
            allowMsgSchedules = value;
            return this;
        }

        /** Sets {@code persist_mode}. */
        public Builder persistMode(final PersistMode value) {
            persistMode = value;
            return this;
        }

        /** Sets {@code allow_batched}. */
        public Builder allowBatched(final boolean value) {
            allowBatched = value;
            return this;
        }

        /** Sets {@code metadata}. */
        public Builder metadata(final Map<String, String> value) {
            metadata = value;
            return this;
        }

        /** The configuration. */
        public StreamConfig build() {
            return new StreamConfig(name, description, subjects, retention, maxConsumers, maxMsgs, maxBytes, maxAgeNs,
                    maxMsgsPerSubject, maxMsgSize, discard, storage, replicas, noAck, duplicateWindowNs, placement,
                    mirror, sources, compression, firstSeq, subjectTransform, republish, allowDirect, mirrorDirect,
                    discardNewPerSubject, sealed, denyDelete, denyPurge, allowRollup, consumerLimits, allowMsgTtl,
                    subjectDeleteMarkerTtlNs, allowMsgCounter, allowAtomic, allowMsgSchedules, persistMode,
                    allowBatched, metadata);
        }
    }
}

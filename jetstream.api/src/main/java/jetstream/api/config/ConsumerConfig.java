package jetstream.api.config;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A consumer as a client configures it. Values as after decoding JSON; checks and defaults are the server's
 * (spec/consumers.md section 1).
 *
 * @param durableName durable name; empty for an ephemeral ({@code durable_name})
 * @param name name; empty to have one made ({@code name})
 * @param description free text; empty if none ({@code description})
 * @param deliverPolicy where delivery starts ({@code deliver_policy})
 * @param optStartSeq first sequence; 0 if unset ({@code opt_start_seq})
 * @param optStartTime first time; null if unset ({@code opt_start_time})
 * @param ackPolicy what must be acknowledged ({@code ack_policy})
 * @param ackWaitNs time for an ack, nanoseconds ({@code ack_wait})
 * @param maxDeliver most deliveries of a message; -1 unlimited ({@code max_deliver})
 * @param backoffNs ack waits by delivery, nanoseconds ({@code backoff})
 * @param filterSubject one filter; empty if none ({@code filter_subject})
 * @param filterSubjects several filters ({@code filter_subjects})
 * @param replayPolicy speed of delivery ({@code replay_policy})
 * @param rateLimitBps bits per second; 0 unlimited ({@code rate_limit_bps})
 * @param sampleFreq share of acks that are sampled, text ({@code sample_freq})
 * @param maxWaiting most waiting pull requests ({@code max_waiting})
 * @param maxAckPending most unacknowledged messages; -1 unlimited ({@code max_ack_pending})
 * @param flowControl push flow control ({@code flow_control})
 * @param headersOnly payloads are left out ({@code headers_only})
 * @param maxRequestBatch largest batch of a pull; 0 unlimited ({@code max_batch})
 * @param maxRequestExpiresNs longest expiry of a pull, nanoseconds; 0 unlimited ({@code max_expires})
 * @param maxRequestMaxBytes most bytes of a pull; 0 unlimited ({@code max_bytes})
 * @param deliverSubject push target; empty for pull ({@code deliver_subject})
 * @param deliverGroup queue group of a push target ({@code deliver_group})
 * @param idleHeartbeatNs push heartbeat, nanoseconds; 0 none ({@code idle_heartbeat})
 * @param inactiveThresholdNs deleted when idle so long, nanoseconds; 0 never ({@code inactive_threshold})
 * @param replicas replicas; 0 as the stream ({@code num_replicas})
 * @param memStorage state in memory ({@code mem_storage})
 * @param direct internal, of mirrors and sources ({@code direct})
 * @param sourcing internal, of mirrors and sources ({@code sourcing})
 * @param metadata user's own ({@code metadata})
 * @param pauseUntil paused until; null if not ({@code pause_until})
 * @param priorityGroups priority groups ({@code priority_groups})
 * @param priorityPolicy how groups are served ({@code priority_policy})
 * @param priorityTimeoutNs life of a pin, nanoseconds ({@code priority_timeout})
 */
public record ConsumerConfig(String durableName, String name, String description, DeliverPolicy deliverPolicy,
        long optStartSeq, Instant optStartTime, AckPolicy ackPolicy, long ackWaitNs, int maxDeliver,
        List<Long> backoffNs, String filterSubject, List<String> filterSubjects, ReplayPolicy replayPolicy,
        long rateLimitBps, String sampleFreq, int maxWaiting, int maxAckPending, boolean flowControl,
        boolean headersOnly, int maxRequestBatch, long maxRequestExpiresNs, int maxRequestMaxBytes,
        String deliverSubject, String deliverGroup, long idleHeartbeatNs, long inactiveThresholdNs, int replicas,
        boolean memStorage, boolean direct, boolean sourcing, Map<String, String> metadata, Instant pauseUntil,
        List<String> priorityGroups, PriorityPolicy priorityPolicy, long priorityTimeoutNs) {
    /** Copies what could change. */
    public ConsumerConfig {
        backoffNs = List.copyOf(backoffNs);
        filterSubjects = List.copyOf(filterSubjects);
        metadata = Map.copyOf(metadata);
        priorityGroups = List.copyOf(priorityGroups);
    }

    /** A builder with the defaults that an absent JSON field has. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        final Builder b = new Builder();
        b.durableName = durableName;
        b.name = name;
        b.description = description;
        b.deliverPolicy = deliverPolicy;
        b.optStartSeq = optStartSeq;
        b.optStartTime = optStartTime;
        b.ackPolicy = ackPolicy;
        b.ackWaitNs = ackWaitNs;
        b.maxDeliver = maxDeliver;
        b.backoffNs = backoffNs;
        b.filterSubject = filterSubject;
        b.filterSubjects = filterSubjects;
        b.replayPolicy = replayPolicy;
        b.rateLimitBps = rateLimitBps;
        b.sampleFreq = sampleFreq;
        b.maxWaiting = maxWaiting;
        b.maxAckPending = maxAckPending;
        b.flowControl = flowControl;
        b.headersOnly = headersOnly;
        b.maxRequestBatch = maxRequestBatch;
        b.maxRequestExpiresNs = maxRequestExpiresNs;
        b.maxRequestMaxBytes = maxRequestMaxBytes;
        b.deliverSubject = deliverSubject;
        b.deliverGroup = deliverGroup;
        b.idleHeartbeatNs = idleHeartbeatNs;
        b.inactiveThresholdNs = inactiveThresholdNs;
        b.replicas = replicas;
        b.memStorage = memStorage;
        b.direct = direct;
        b.sourcing = sourcing;
        b.metadata = metadata;
        b.pauseUntil = pauseUntil;
        b.priorityGroups = priorityGroups;
        b.priorityPolicy = priorityPolicy;
        b.priorityTimeoutNs = priorityTimeoutNs;
        return b;
    }

    /** Whether it delivers only what is asked for. */
    public boolean isPull() {
        return deliverSubject.isEmpty();
    }

    /** Whether it has a durable name. */
    public boolean isDurable() {
        return !durableName.isEmpty();
    }

    /** All filters; empty if everything is delivered. */
    public List<String> filters() {
        return filterSubject.isEmpty() ? filterSubjects : List.of(filterSubject);
    }

    /** Collects values; not thread safe. */
    public static final class Builder {
        private String durableName = "";
        private String name = "";
        private String description = "";
        private DeliverPolicy deliverPolicy = DeliverPolicy.ALL;
        private long optStartSeq;
        private Instant optStartTime;
        private AckPolicy ackPolicy = AckPolicy.NONE;
        private long ackWaitNs;
        private int maxDeliver = -1;
        private List<Long> backoffNs = List.of();
        private String filterSubject = "";
        private List<String> filterSubjects = List.of();
        private ReplayPolicy replayPolicy = ReplayPolicy.INSTANT;
        private long rateLimitBps;
        private String sampleFreq = "";
        private int maxWaiting;
        private int maxAckPending;
        private boolean flowControl;
        private boolean headersOnly;
        private int maxRequestBatch;
        private long maxRequestExpiresNs;
        private int maxRequestMaxBytes;
        private String deliverSubject = "";
        private String deliverGroup = "";
        private long idleHeartbeatNs;
        private long inactiveThresholdNs;
        private int replicas;
        private boolean memStorage;
        private boolean direct;
        private boolean sourcing;
        private Map<String, String> metadata = Map.of();
        private Instant pauseUntil;
        private List<String> priorityGroups = List.of();
        private PriorityPolicy priorityPolicy = PriorityPolicy.NONE;
        private long priorityTimeoutNs;

        private Builder() {
        }

        /** Sets {@code durable_name}. */
        public Builder durableName(final String value) {
            durableName = value;
            return this;
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

        /** Sets {@code deliver_policy}. */
        public Builder deliverPolicy(final DeliverPolicy value) {
            deliverPolicy = value;
            return this;
        }

        /** Sets {@code opt_start_seq}. */
        public Builder optStartSeq(final long value) {
            optStartSeq = value;
            return this;
        }

        /** Sets {@code opt_start_time}. */
        public Builder optStartTime(final Instant value) {
            optStartTime = value;
            return this;
        }

        /** Sets {@code ack_policy}. */
        public Builder ackPolicy(final AckPolicy value) {
            ackPolicy = value;
            return this;
        }

        /** Sets {@code ack_wait}. */
        public Builder ackWaitNs(final long value) {
            ackWaitNs = value;
            return this;
        }

        /** Sets {@code max_deliver}. */
        public Builder maxDeliver(final int value) {
            maxDeliver = value;
            return this;
        }

        /** Sets {@code backoff}. */
        public Builder backoffNs(final List<Long> value) {
            backoffNs = value;
            return this;
        }

        /** Sets {@code filter_subject}. */
        public Builder filterSubject(final String value) {
            filterSubject = value;
            return this;
        }

        /** Sets {@code filter_subjects}. */
        public Builder filterSubjects(final List<String> value) {
            filterSubjects = value;
            return this;
        }

        /** Sets {@code replay_policy}. */
        public Builder replayPolicy(final ReplayPolicy value) {
            replayPolicy = value;
            return this;
        }

        /** Sets {@code rate_limit_bps}. */
        public Builder rateLimitBps(final long value) {
            rateLimitBps = value;
            return this;
        }

        /** Sets {@code sample_freq}. */
        public Builder sampleFreq(final String value) {
            sampleFreq = value;
            return this;
        }

        /** Sets {@code max_waiting}. */
        public Builder maxWaiting(final int value) {
            maxWaiting = value;
            return this;
        }

        /** Sets {@code max_ack_pending}. */
        public Builder maxAckPending(final int value) {
            maxAckPending = value;
            return this;
        }

        /** Sets {@code flow_control}. */
        public Builder flowControl(final boolean value) {
            flowControl = value;
            return this;
        }

        /** Sets {@code headers_only}. */
        public Builder headersOnly(final boolean value) {
            headersOnly = value;
            return this;
        }

        /** Sets {@code max_batch}. */
        public Builder maxRequestBatch(final int value) {
            maxRequestBatch = value;
            return this;
        }

        /** Sets {@code max_expires}. */
        public Builder maxRequestExpiresNs(final long value) {
            maxRequestExpiresNs = value;
            return this;
        }

        /** Sets {@code max_bytes}. */
        public Builder maxRequestMaxBytes(final int value) {
            maxRequestMaxBytes = value;
            return this;
        }

        /** Sets {@code deliver_subject}. */
        public Builder deliverSubject(final String value) {
            deliverSubject = value;
            return this;
        }

        /** Sets {@code deliver_group}. */
        public Builder deliverGroup(final String value) {
            deliverGroup = value;
            return this;
        }

        /** Sets {@code idle_heartbeat}. */
        public Builder idleHeartbeatNs(final long value) {
            idleHeartbeatNs = value;
            return this;
        }

        /** Sets {@code inactive_threshold}. */
        public Builder inactiveThresholdNs(final long value) {
            inactiveThresholdNs = value;
            return this;
        }

        /** Sets {@code num_replicas}. */
        public Builder replicas(final int value) {
            replicas = value;
            return this;
        }

        /** Sets {@code mem_storage}. */
        public Builder memStorage(final boolean value) {
            memStorage = value;
            return this;
        }

        /** Sets {@code direct}. */
        public Builder direct(final boolean value) {
            direct = value;
            return this;
        }

        /** Sets {@code sourcing}. */
        public Builder sourcing(final boolean value) {
            sourcing = value;
            return this;
        }

        /** Sets {@code metadata}. */
        public Builder metadata(final Map<String, String> value) {
            metadata = value;
            return this;
        }

        /** Sets {@code pause_until}. */
        public Builder pauseUntil(final Instant value) {
            pauseUntil = value;
            return this;
        }

        /** Sets {@code priority_groups}. */
        public Builder priorityGroups(final List<String> value) {
            priorityGroups = value;
            return this;
        }

        /** Sets {@code priority_policy}. */
        public Builder priorityPolicy(final PriorityPolicy value) {
            priorityPolicy = value;
            return this;
        }

        /** Sets {@code priority_timeout}. */
        public Builder priorityTimeoutNs(final long value) {
            priorityTimeoutNs = value;
            return this;
        }

        /** The configuration. */
        public ConsumerConfig build() {
            return new ConsumerConfig(durableName, name, description, deliverPolicy, optStartSeq, optStartTime,
                    ackPolicy, ackWaitNs, maxDeliver, backoffNs, filterSubject, filterSubjects, replayPolicy,
                    rateLimitBps, sampleFreq, maxWaiting, maxAckPending, flowControl, headersOnly, maxRequestBatch,
                    maxRequestExpiresNs, maxRequestMaxBytes, deliverSubject, deliverGroup, idleHeartbeatNs,
                    inactiveThresholdNs, replicas, memStorage, direct, sourcing, metadata, pauseUntil, priorityGroups,
                    priorityPolicy, priorityTimeoutNs);
        }
    }
}

package jetstream.server.admin;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.StreamConfig;
import jetstream.engine.consumer.ConsumerState;
import jetstream.engine.json.ConsumerConfigJson;
import jetstream.engine.json.JsonText;
import jetstream.engine.json.StreamConfigJson;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;
import jetstream.engine.stream.MessageLookup;
import jetstream.engine.stream.StreamState;

/**
 * The members of stream and consumer info (spec/jetstream-api.md section 3, consumers.md section 6, clustering.md 4).
 */
public final class InfoJson {
    private static final long NS = 1_000_000_000L;
    private static final int DELETED_MAX = 1_000_000;

    private final AdminContext context;
    private final StreamCopies copies;
    private final ClusterJson cluster;

    /** Writes what that context knows. */
    InfoJson(final AdminContext context, final StreamCopies copies) {
        this.context = context;
        this.copies = copies;
        cluster = new ClusterJson(context);
    }

    /** Members of stream info. */
    void stream(final JsonText t, final StreamReplica stream, final StateDetails details) {
        final StreamAssignment assignment = stream.assignment();
        t.object("config", c -> StreamConfigJson.write(c, versioned(assignment.config())));
        t.put("created", JsonText.time(assignment.createdEpochNs()));
        t.object("state", s -> state(s, stream, details));
        t.opt("domain", context.domain());
        if (context.clustered()) {
            t.object("cluster", c -> cluster(c, stream));
        } else if (details.namesLeader()) {
            t.object("cluster", c -> c.put("leader", context.serverName()));
        }
        copies.write(t, stream);
        t.put("ts", JsonText.time(now()));
    }

    /**
     * What more the state shall show.
     *
     * @param deleted whether the deleted sequences are listed
     * @param subjects messages by subject; null if not asked for
     * @param namesLeader a server without a cluster names itself as the leader; the reference does so for info alone
     */
    record StateDetails(boolean deleted, Map<String, Long> subjects, boolean namesLeader) {
        static final StateDetails NONE = new StateDetails(false, null, false);
    }

    /** Members of a stream's state. */
    public void state(final JsonText t, final StreamReplica stream) {
        state(t, stream, StateDetails.NONE);
    }

    private void state(final JsonText t, final StreamReplica stream, final StateDetails details) {
        final StreamState state = stream.engine().state();
        t.put("messages", state.messages()).put("bytes", state.bytes());
        t.put("first_seq", state.firstSeq()).put("first_ts", JsonText.time(state.firstEpochNs()));
        t.put("last_seq", state.lastSeq()).put("last_ts", JsonText.time(state.lastEpochNs()));
        t.opt("num_subjects", state.subjects()).opt("num_deleted", state.deleted());
        if (details.deleted() && state.deleted() > 0) {
            t.integers("deleted",
                    Arrays.stream(new MessageLookup(stream.engine()).deleted(DELETED_MAX)).boxed().toList());
        }
        if (details.subjects() != null && !details.subjects().isEmpty()) {
            t.object("subjects", o -> details.subjects().forEach(o::put));
        }
        t.put("consumer_count", context.shard().meta().state().consumerCount(stream.assignment().account(),
                stream.assignment().name()));
    }

    /** Members of the cluster object of a stream. */
    public void cluster(final JsonText t, final StreamReplica stream) {
        cluster.stream(t, stream);
    }

    /** Members of consumer info. */
    public void consumer(final JsonText t, final ConsumerReplica consumer) {
        final ConsumerState state = consumer.engine().state(now());
        t.put("stream_name", consumer.assignment().stream()).put("name", consumer.assignment().name());
        t.put("created", JsonText.time(consumer.assignment().createdEpochNs()));
        t.object("config", c -> ConsumerConfigJson.write(c, versioned(consumer.assignment().config())));
        t.object("delivered", d -> {
            d.put("consumer_seq", state.deliveredConsumerSeq()).put("stream_seq", state.deliveredStreamSeq());
            d.opt("last_active", state.deliveredEpochNs() == 0 ? "" : JsonText.time(state.deliveredEpochNs()));
        });
        t.object("ack_floor", d -> {
            d.put("consumer_seq", state.floorConsumerSeq()).put("stream_seq", state.floorStreamSeq());
            d.opt("last_active", state.ackedEpochNs() == 0 ? "" : JsonText.time(state.ackedEpochNs()));
        });
        t.put("num_ack_pending", state.ackPending()).put("num_redelivered", state.redelivered())
                .put("num_waiting", state.waiting()).put("num_pending", state.pending());
        if (context.clustered()) {
            t.object("cluster", c -> cluster.consumer(c, consumer));
        }
        t.opt("push_bound", state.pushBound());
        pause(t, state);
        if (!consumer.assignment().config().priorityGroups().isEmpty()) {
            t.objects("priority_groups", consumer.assignment().config().priorityGroups(), (o, group) -> {
                o.put("group", group).opt("pinned_client_id", state.pinnedId());
                o.opt("pinned_ts", state.pinnedEpochNs() == 0 ? "" : JsonText.time(state.pinnedEpochNs()));
            });
        }
        t.put("ts", JsonText.time(now()));
    }

    private static void pause(final JsonText t, final ConsumerState state) {
        final long leftNs = state.pausedUntilEpochNs() - now();
        if (state.pausedUntilEpochNs() > 0 && leftNs > 0) {
            t.put("paused", true).put("pause_remaining", leftNs);
        }
    }

    private static StreamConfig versioned(final StreamConfig config) {
        return config.toBuilder().metadata(versioned(config.metadata())).build();
    }

    private static ConsumerConfig versioned(final ConsumerConfig config) {
        return config.toBuilder().metadata(versioned(config.metadata())).build();
    }

    private static Map<String, String> versioned(final Map<String, String> metadata) {
        final Map<String, String> all = new TreeMap<>(metadata);
        all.put("_nats.ver", AdminContext.VERSION);
        all.put("_nats.level", Integer.toString(AdminContext.API_LEVEL));
        return all;
    }

    static long now() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * NS + now.getNano();
    }
}

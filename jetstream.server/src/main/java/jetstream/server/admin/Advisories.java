package jetstream.server.admin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import jetstream.api.NodeId;
import jetstream.api.consensus.Condition;
import jetstream.engine.consumer.ConsumerListener;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;
import jetstream.server.conf.SecurityConfig;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;

/** Publishes advisories and metrics, if anybody is interested (spec/advisories.md). Owner: the node thread. */
public final class Advisories {
    private static final String PREFIX = "$JS.EVENT.ADVISORY.";
    private static final String TYPE = "io.nats.jetstream.advisory.v1.";
    private static final String ID_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 22;

    private final AdminContext context;
    private final ReplicaTroubles troubles = new ReplicaTroubles();
    private final Msg msg = new Msg();

    /** Advisories of that server. */
    public Advisories(final AdminContext context) {
        this.context = context;
    }

    private void publish(final String account, final String subject, final String type,
            final Consumer<JsonText> members) {
        final Account target = context.router().account(account);
        final byte[] bytes = subject.getBytes(StandardCharsets.UTF_8);
        if (!context.router().hasInterest(target, bytes, bytes.length)) {
            return;
        }
        final byte[] json = JsonText.object(t -> {
            t.put("type", type).put("id", id()).put("timestamp", JsonText.time(InfoJson.now()));
            members.accept(t);
            t.opt("domain", context.domain());
        });
        context.router().publish(target, msg.clear().subject(bytes, 0, bytes.length).body(json, 0, 0, json.length));
    }

    private static String id() {
        final StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_CHARS.charAt(ThreadLocalRandom.current().nextInt(ID_CHARS.length())));
        }
        return id.toString();
    }

    private void replicas(final JsonText t, final List<NodeId> peers) {
        t.objects("replicas", new ArrayList<>(peers), (o, peer) -> o.put("name", context.nameOf(peer))
                .put("current", context.isOnline().test(peer)).put("active", 0)
                .opt("offline", !context.isOnline().test(peer)).put("peer", peer.peerId()));
    }

    /** A stream was made, changed or removed; told by the meta leader only. */
    public void streamAction(final StreamAssignment stream, final boolean isNew, final boolean isGone) {
        if (!context.shard().meta().isLeader()) {
            return;
        }
        final String what = isGone ? "DELETED" : isNew ? "CREATED" : "UPDATED";
        publish(stream.account(), PREFIX + "STREAM." + what + "." + stream.name(), TYPE + "stream_action",
                t -> t.put("stream", stream.name()).put("action", isGone ? "delete" : isNew ? "create" : "modify"));
    }

    /** A stream started again without its data; told by the meta leader only. */
    public void streamStartedAnew(final StreamAssignment stream) {
        if (context.shard().meta().isLeader()) {
            publish(stream.account(), PREFIX + "STREAM.STARTED_ANEW." + stream.name(), TYPE + "stream_started_anew",
                    t -> {
                        t.put("stream", stream.name());
                        replicas(t, stream.peers());
                    });
        }
    }

    /** A consumer was made or removed; told by the meta leader only. */
    public void consumerAction(final ConsumerAssignment consumer, final boolean isNew, final boolean isGone) {
        if (!context.shard().meta().isLeader() || !isNew && !isGone) {
            return;
        }
        publish(consumer.account(),
                PREFIX + "CONSUMER." + (isGone ? "DELETED." : "CREATED.") + consumer.stream() + "." + consumer.name(),
                TYPE + "consumer_action", t -> t.put("stream", consumer.stream()).put("consumer", consumer.name())
                        .put("action", isGone ? "delete" : "create"));
    }

    /** This server leads a stream now. */
    public void streamLeader(final StreamReplica stream) {
        final StreamAssignment assignment = stream.assignment();
        if (assignment.peers().size() > 1) {
            publish(assignment.account(), PREFIX + "STREAM.LEADER_ELECTED." + assignment.name(),
                    TYPE + "stream_leader_elected", t -> {
                        t.put("stream", assignment.name()).put("leader", context.serverName());
                        replicas(t, assignment.peers());
                    });
        }
    }

    /** This server leads a consumer now. */
    public void consumerLeader(final ConsumerReplica consumer) {
        final ConsumerAssignment assignment = consumer.assignment();
        if (assignment.peers().size() > 1) {
            publish(assignment.account(),
                    PREFIX + "CONSUMER.LEADER_ELECTED." + assignment.stream() + "." + assignment.name(),
                    TYPE + "consumer_leader_elected", t -> {
                        t.put("stream", assignment.stream()).put("consumer", assignment.name())
                                .put("leader", context.serverName());
                        replicas(t, assignment.peers());
                    });
        }
    }

    /** How often there was trouble with data. */
    public ReplicaTroubles troubles() {
        return troubles;
    }

    /** An atomic batch was dropped before it was complete. */
    public void batchAbandoned(final StreamReplica stream, final String id, final String reason) {
        final StreamAssignment assignment = stream.assignment();
        publish(assignment.account(), PREFIX + "STREAM.BATCH_ABANDONED." + assignment.name(),
                TYPE + "stream_batch_abandoned", t -> {
                    if (!SecurityConfig.GLOBAL_ACCOUNT.equals(assignment.account())) {
                        t.put("account", assignment.account());
                    }
                    t.put("stream", assignment.name()).put("batch", id).put("reason", reason);
                });
    }

    /** The data of a stream's replica on this server is in trouble, or out of it (decision 0100). */
    public void streamCondition(final StreamReplica stream, final Condition condition, final String reason) {
        final StreamAssignment assignment = stream.assignment();
        trouble(assignment.account(), "STREAM.REPLICA_TROUBLE." + assignment.name(), condition, reason,
                t -> t.put("stream", assignment.name()));
    }

    /** The same of a consumer's replica. */
    public void consumerCondition(final ConsumerReplica consumer, final Condition condition, final String reason) {
        final ConsumerAssignment assignment = consumer.assignment();
        trouble(assignment.account(),
                "CONSUMER.REPLICA_TROUBLE." + assignment.stream() + "." + assignment.name(), condition, reason,
                t -> t.put("stream", assignment.stream()).put("consumer", assignment.name()));
    }

    /** The same of the meta group's replica; told in the system account. */
    public void metaCondition(final Condition condition, final String reason) {
        trouble(context.systemAccount(), "META.REPLICA_TROUBLE", condition, reason, t -> {
        });
    }

    private void trouble(final String account, final String subject, final Condition condition, final String reason,
            final Consumer<JsonText> what) {
        troubles.count(condition);
        publish(account, PREFIX + subject, TYPE + "replica_trouble", t -> {
            what.accept(t);
            t.put("server", context.serverName()).put("condition", condition.name().toLowerCase(Locale.ROOT))
                    .put("reason", reason);
        });
    }

    /** A server was removed; told by the meta leader only. */
    public void serverRemoved(final MetaNode gone) {
        if (context.shard().meta().isLeader()) {
            publish(context.systemAccount(), PREFIX + "SERVER.REMOVED", TYPE + "server_removed",
                    t -> t.put("server", gone.name()).put("server_id", gone.node().peerId()).put("cluster",
                            context.clusterName()));
        }
    }

    /** An operator lets fewer servers decide for a while. */
    void metaRescued(final int before, final int now) {
        publish(context.systemAccount(), PREFIX + "SERVER.META_RESCUE", TYPE + "meta_rescue",
                t -> t.put("server", context.serverName()).put("server_id", context.serverId())
                        .put("prev_quorum", before).put("new_quorum", now).put("cluster", context.clusterName()));
    }

    /** Who is told of a consumer's events. */
    public ConsumerListener consumer(final ConsumerAssignment consumer) {
        return new OfConsumer(consumer.account(), consumer.stream(), consumer.name());
    }

    /** Events of one consumer. */
    private final class OfConsumer implements ConsumerListener {
        private final String account;
        private final String stream;
        private final String name;

        OfConsumer(final String account, final String stream, final String name) {
            this.account = account;
            this.stream = stream;
            this.name = name;
        }

        private void publish(final String what, final String type, final Consumer<JsonText> members) {
            Advisories.this.publish(account, PREFIX + "CONSUMER." + what + "." + stream + "." + name, TYPE + type,
                    t -> {
                        t.put("stream", stream).put("consumer", name);
                        members.accept(t);
                    });
        }

        @Override
        public void onMaxDeliveries(final long streamSeq, final int deliveries) {
            publish("MAX_DELIVERIES", "max_deliver", t -> t.put("stream_seq", streamSeq).put("deliveries", deliveries));
        }

        @Override
        public void onNak(final long consumerSeq, final long streamSeq, final int deliveries) {
            publish("MSG_NAKED", "nak", t -> t.put("consumer_seq", consumerSeq).put("stream_seq", streamSeq)
                    .put("deliveries", deliveries));
        }

        @Override
        public void onTerminated(final long consumerSeq, final long streamSeq, final int deliveries,
                final String reason) {
            publish("MSG_TERMINATED", "terminated", t -> t.put("consumer_seq", consumerSeq).put("stream_seq", streamSeq)
                    .put("deliveries", deliveries).opt("reason", reason));
        }

        @Override
        public void onAckSampled(final long consumerSeq, final long streamSeq, final int deliveries,
                final long ackTimeNs) {
            Advisories.this.publish(account, "$JS.EVENT.METRIC.CONSUMER.ACK." + stream + "." + name,
                    "io.nats.jetstream.metric.v1.consumer_ack", t -> t.put("stream", stream).put("consumer", name)
                            .put("consumer_seq", consumerSeq).put("stream_seq", streamSeq).put("ack_time", ackTimeNs)
                            .put("deliveries", deliveries));
        }

        @Override
        public void onPinned(final String group, final String pinnedId) {
            publish("PINNED", "consumer_group_pinned",
                    t -> t.put("account", account).put("group", group).put("pinned_id", pinnedId));
        }

        @Override
        public void onUnpinned(final String group, final String reason) {
            publish("UNPINNED", "consumer_group_unpinned",
                    t -> t.put("account", account).put("group", group).put("reason", reason));
        }

        @Override
        public void onPause(final boolean paused, final long untilEpochNs) {
            publish("PAUSE", "consumer_pause",
                    t -> t.put("paused", paused).put("pause_until", JsonText.time(untilEpochNs)));
        }
    }
}

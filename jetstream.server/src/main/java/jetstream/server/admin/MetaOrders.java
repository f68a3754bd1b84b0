package jetstream.server.admin;

import java.util.function.Consumer;
import java.util.function.Function;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.entry.EntryBatch;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.Origin;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;

/**
 * What the leaders of assets want decided by the meta group: this server proposes it if it leads the meta group, else
 * its leader is asked over a subject of the system account. Nothing is answered: who asks asks again until it sees the
 * decision. Owner: the node thread.
 */
public final class MetaOrders {
    private static final String REMOVE = "$JSC.META.REMOVE_CONSUMER";
    private static final String SETTLE = "$JSC.META.SETTLE_GROUP";
    private static final String FORGOT = "$JSC.META.FORGOT_GROUP";

    private final AdminContext context;
    private final Account system;
    private final ForgottenReports forgotten;
    private final Msg msg = new Msg();

    MetaOrders(final AdminContext context, final ForgottenReports forgotten) {
        this.context = context;
        this.forgotten = forgotten;
        system = context.router().account(context.config().systemAccount());
    }

    /** Starts to take the orders of other servers. */
    void start() {
        subscribe(REMOVE, o -> {
            final MetaEntries.ConsumerKey key = MetaEntries.ConsumerKey.read(o);
            return batch -> MetaEntries.removeConsumer(batch, InfoJson.now(), key, Origin.NOBODY);
        });
        subscribe(SETTLE, o -> {
            final MetaEntries.Settled settled = MetaEntries.Settled.read(o);
            return batch -> MetaEntries.settleGroup(batch, InfoJson.now(), settled);
        });
        listen(FORGOT, o -> forgotten.add(new GroupId(o.integer("group", 0)), new NodeId(o.integer("member", 0)),
                System.nanoTime()));
    }

    private void subscribe(final String subject, final Function<JsonObject, Consumer<EntryBatch>> entry) {
        listen(subject, o -> context.shard().meta().propose(entry.apply(o)));
    }

    private void listen(final String subject, final Consumer<JsonObject> reader) {
        context.router().subscribe(system, subject, null, (account, origin, message) -> {
            if (context.shard().meta().isLeader()) {
                final byte[] body = new byte[message.totalLength()];
                message.bodyBuffer().get(message.bodyOffset(), body);
                reader.accept(JsonObject.parse(body));
            }
        });
    }

    /** Nobody used that consumer for its inactive threshold: it shall go. */
    public void removeConsumer(final ConsumerAssignment consumer) {
        final MetaEntries.ConsumerKey key =
                new MetaEntries.ConsumerKey(consumer.account(), consumer.stream(), consumer.name());
        order(REMOVE, key::write, batch -> MetaEntries.removeConsumer(batch, InfoJson.now(), key, Origin.NOBODY));
    }

    /** The members of a group are those that are wanted. */
    public void settle(final MetaEntries.Settled settled) {
        order(SETTLE, settled::write, batch -> MetaEntries.settleGroup(batch, InfoJson.now(), settled));
    }

    /** This server's member of a group in memory has forgotten everything. */
    public void forgot(final GroupId group) {
        if (context.shard().meta().isLeader()) {
            forgotten.add(group, context.node(), System.nanoTime());
        } else {
            send(FORGOT, t -> t.put("group", group.value()).put("member", context.node().value()));
        }
    }

    private void order(final String subject, final Consumer<JsonText> members, final Consumer<EntryBatch> entry) {
        if (context.shard().meta().isLeader()) {
            context.shard().meta().propose(entry);
        } else {
            send(subject, members);
        }
    }

    private void send(final String subject, final Consumer<JsonText> members) {
        final byte[] body = JsonText.object(members);
        context.router().publish(system, msg.clear().subject(subject).body(body, 0, 0, body.length));
    }
}

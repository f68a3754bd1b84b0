package jetstream.server.cluster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.config.StreamConfig;
import jetstream.engine.consumer.ClientMessage;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;
import jetstream.server.route.Account;
import jetstream.server.route.InterestWatch;
import jetstream.server.route.InternalSubscription;
import jetstream.server.route.Msg;
import jetstream.server.route.SubjectRouter;

/**
 * The subjects that streams and consumers listen on. A stream's subjects are subscribed by its leader only, so that
 * publishes go there and nowhere else, and find nobody while there is no leader; a consumer's likewise. Direct gets are
 * answered by every replica as one queue group. Owner: the node thread.
 */
public final class AssetSubscriptions {
    private static final String DIRECT_QUEUE = "_sys_";

    private final SubjectRouter router;
    private final DirectGetHandler directGet;
    private final ResetHandler reset;
    private final Map<StreamReplica, List<InternalSubscription>> publishes = new HashMap<>();
    private final Map<StreamReplica, List<InternalSubscription>> directGets = new HashMap<>();
    private final Map<ConsumerReplica, List<InternalSubscription>> consumers = new HashMap<>();
    private final Map<ConsumerReplica, InterestWatch> watches = new HashMap<>();
    private final ClientMessage message = new ClientMessage();

    /** Subscriptions of that router; the handlers take requests to assets themselves. */
    public AssetSubscriptions(final SubjectRouter router, final DirectGetHandler directGet, final ResetHandler reset) {
        this.router = router;
        this.directGet = directGet;
        this.reset = reset;
    }

    /** Answers a direct get from a replica on this node. */
    @FunctionalInterface
    public interface DirectGetHandler {
        /** Answers; {@code subject} is the tail of a request by subject, or null. */
        void onDirectGet(Account account, StreamReplica stream, String subject, Msg request);
    }

    /** Takes a request to reset a consumer. */
    @FunctionalInterface
    public interface ResetHandler {
        /** Answers. */
        void onReset(Account account, ConsumerReplica consumer, Msg request);
    }

    private Account account(final StreamReplica stream) {
        return router.account(stream.assignment().account());
    }

    /** The stream is led here: its subjects lead here. */
    public void subscribe(final StreamReplica stream) {
        cancel(publishes.remove(stream));
        final List<InternalSubscription> made = new ArrayList<>();
        for (final String subject : stream.engine().config().subjects()) {
            made.add(router.subscribe(account(stream), subject, null,
                    (account, origin, msg) -> stream.publish(msg.subject(), msg.subjectLength(), msg.reply(),
                            msg.replyLength(), msg.bodyBuffer(), msg.bodyOffset(), msg.headersLength(),
                            msg.totalLength())));
        }
        publishes.put(stream, made);
    }

    /** The stream is not led here any more. */
    public void unsubscribe(final StreamReplica stream) {
        cancel(publishes.remove(stream));
    }

    /** The replica answers direct gets, if its configuration says so. */
    public void serveDirectGets(final StreamReplica stream) {
        cancel(directGets.remove(stream));
        final StreamConfig config = stream.engine().config();
        final List<InternalSubscription> made = new ArrayList<>();
        if (config.allowDirect()) {
            serveDirectGets(stream, stream.assignment().name(), made);
        }
        if (config.isMirror() && config.mirrorDirect() && config.mirror().external() == null) {
            serveDirectGets(stream, config.mirror().name(), made);
        }
        if (!made.isEmpty()) {
            directGets.put(stream, made);
        }
    }

    private void serveDirectGets(final StreamReplica stream, final String name,
            final List<InternalSubscription> made) {
        final String subject = "$JS.API.DIRECT.GET." + name;
        made.add(router.subscribe(account(stream), subject, DIRECT_QUEUE,
                (account, origin, msg) -> directGet.onDirectGet(account, stream, null, msg)));
        made.add(router.subscribe(account(stream), subject + ".>", DIRECT_QUEUE,
                (account, origin, msg) -> directGet.onDirectGet(account, stream, tail(msg, subject.length() + 1),
                        msg)));
    }

    /** The replica is gone. */
    public void stopDirectGets(final StreamReplica stream) {
        cancel(directGets.remove(stream));
    }

    private static String tail(final Msg msg, final int from) {
        return new String(msg.subject(), from, msg.subjectLength() - from, StandardCharsets.UTF_8);
    }

    /** The consumer is led here. */
    public void subscribe(final ConsumerReplica consumer) {
        unsubscribe(consumer);
        final Account account = account(consumer.stream());
        final String name = consumer.assignment().stream() + "." + consumer.assignment().name();
        final List<InternalSubscription> made = new ArrayList<>();
        made.add(router.subscribe(account, "$JS.API.CONSUMER.MSG.NEXT." + name, null,
                (owner, origin, msg) -> consumer.pull(wrap(msg))));
        made.add(router.subscribe(account, "$JS.API.CONSUMER.RESET." + name, null,
                (owner, origin, msg) -> reset.onReset(owner, consumer, msg)));
        switch (consumer.assignment().config().ackPolicy()) {
            case EXPLICIT, ALL -> {
                made.add(router.subscribe(account, "$JS.ACK." + name + ".*.*.*.*.*", null,
                        (owner, origin, msg) -> consumer.ack(wrap(msg))));
                made.add(router.subscribe(account, "$JS.ACK.*.*." + name + ".*.*.*.*.>", null,
                        (owner, origin, msg) -> consumer.ack(wrap(msg))));
            }
            case NONE, FLOW_CONTROL -> {
                // Nobody listens for acks.
            }
        }
        if (consumer.assignment().config().flowControl()) {
            made.add(router.subscribe(account, "$JS.FC." + name + ".*", null,
                    (owner, origin, msg) -> consumer.flowControl(wrap(msg))));
        }
        consumers.put(consumer, made);
        watch(account, consumer);
    }

    private void watch(final Account account, final ConsumerReplica consumer) {
        final String subject = consumer.assignment().config().deliverSubject();
        if (subject.isEmpty()) {
            return;
        }
        final String group = consumer.assignment().config().deliverGroup();
        final InterestWatch watch = router.watch(account, subject, group.isEmpty() ? null : group, consumer::interest);
        watches.put(consumer, watch);
        consumer.interest(watch.hasInterest());
    }

    private ClientMessage wrap(final Msg msg) {
        return message.wrap(msg.subject(), msg.subjectLength(), msg.reply(), msg.replyLength())
                .headers(msg.bodyBuffer(), msg.bodyOffset(), msg.headersLength())
                .payload(msg.bodyBuffer(), msg.bodyOffset() + msg.headersLength(),
                        msg.totalLength() - msg.headersLength());
    }

    /** The consumer is not led here any more. */
    public void unsubscribe(final ConsumerReplica consumer) {
        cancel(consumers.remove(consumer));
        final InterestWatch watch = watches.remove(consumer);
        if (watch != null) {
            watch.cancel();
        }
    }

    private static void cancel(final List<InternalSubscription> subscriptions) {
        if (subscriptions != null) {
            subscriptions.forEach(InternalSubscription::cancel);
        }
    }
}

package jetstream.server.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.Origin;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;
import jetstream.server.conf.AccountJetStreamConfig;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the requests of the JetStream API. Every JetStream server hears all of them; the one with the role that a
 * request needs answers, the others are silent (spec/jetstream-api.md section 1.5). Owner: the node thread.
 */
public final class ApiRouter {
    private static final Logger LOG = LoggerFactory.getLogger(ApiRouter.class);
    private static final String PREFIX = "$JS.API.";
    private static final List<String> OF_ACCOUNTS = List.of("INFO", "STREAM.>", "CONSUMER.CREATE.>",
            "CONSUMER.DURABLE.>", "CONSUMER.NAMES.>", "CONSUMER.LIST.>", "CONSUMER.INFO.>", "CONSUMER.DELETE.>",
            "CONSUMER.PAUSE.>", "CONSUMER.UNPIN.>", "CONSUMER.LEADER.>", "CONSUMER.PEER.>");
    private static final List<String> OF_ASSETS =
            List.of(PREFIX + "CONSUMER.MSG.NEXT.", PREFIX + "CONSUMER.RESET.", PREFIX + "DIRECT.GET.");
    private static final List<String> OF_SYSTEM = List.of("META.>", "SERVER.>", "ACCOUNT.>");
    private static final long YOUNG_NS = 10_000_000_000L;
    /** Done as soon as this server leads, if no leader was known when they came: they may be done twice. */
    private static final Set<String> REPEATABLE = Set.of(StreamApi.CREATE, ConsumerApi.CREATE, AccountApi.INFO,
            ListApi.STREAM_NAMES, ListApi.STREAM_LIST, ListApi.CONSUMER_NAMES, ListApi.CONSUMER_LIST);
    /** Shorter than most clients wait. */
    private static final long META_PATIENCE_NS = 4_000_000_000L;

    private final AdminContext context;
    private final ApiReplies replies;
    private final InfoJson info;
    private final StreamApi streams;
    private final ConsumerApi consumers;
    private final MessageApi messages;
    private final ConsumerLeaderApi consumerLeaders;
    private final ListApi lists;
    private final AccountApi accounts;
    private final PeerGather gather;
    private final HeldRequests held = new HeldRequests();
    private final LeaderRequests leaders;
    private final StreamCopies copies;
    private final MetaOrders orders;
    private final PeerApi peers;
    private final ServerApi servers;
    private final Replacement replacement;
    private final Function<String, AccountJetStreamConfig> limitsOf;
    private final RequestQueue<ApiRequest> requests = new RequestQueue<>(this::onRequest, System::nanoTime);
    private final long startedNs = System.nanoTime();
    private long leaderlessSinceNs = System.nanoTime();

    /** A router over that context; {@code limitsOf} gives an account's JetStream settings. */
    public ApiRouter(final AdminContext context, final Function<String, AccountJetStreamConfig> limitsOf,
            final Advisories advisories) {
        this.context = context;
        this.limitsOf = limitsOf;
        final StreamApi.AccountBounds bounds = new StreamApi.AccountBounds(context, limitsOf);
        final StreamPeers streamPeers = new StreamPeers(context);
        replies = new ApiReplies(context.router());
        leaders = new LeaderRequests(context, replies, held, this::refusal, this::isLeaderless);
        copies = new StreamCopies(context);
        info = new InfoJson(context, copies);
        gather = new PeerGather(context, info);
        final ForgottenReports forgotten = new ForgottenReports();
        orders = new MetaOrders(context, forgotten);
        peers = new PeerApi(context, replies, streamPeers);
        servers = new ServerApi(context, replies, streamPeers, advisories);
        replacement = new Replacement(context, streamPeers, forgotten);
        streams = new StreamApi(context, replies, bounds, streamPeers);
        consumers = new ConsumerApi(context, replies, bounds);
        messages = new MessageApi(context, replies, info);
        consumerLeaders = new ConsumerLeaderApi(context, replies, info);
        lists = new ListApi(context, replies, gather);
        accounts = new AccountApi(context, replies, bounds);
    }

    /** Answers and counts. */
    public ApiReplies replies() {
        return replies;
    }

    /** What mirrors and sourced streams fetch. */
    public StreamCopies copies() {
        return copies;
    }

    /** Writer of info, for monitoring. */
    public InfoJson info() {
        return info;
    }

    /** Whether a request without takers is one of the API that it does not know: not of an asset that is not there. */
    public static boolean isUnknown(final byte[] subject, final int length) {
        final String text = new String(subject, 0, length, StandardCharsets.UTF_8);
        return text.startsWith(PREFIX) && OF_ASSETS.stream().noneMatch(text::startsWith);
    }

    /** Subscribes in those accounts and in the system account. */
    public void start(final List<Account> jetStreamAccounts) {
        gather.start();
        orders.start();
        for (final Account account : jetStreamAccounts) {
            OF_ACCOUNTS.forEach(family -> subscribe(account, family));
        }
        final Account system = context.router().account(context.config().systemAccount());
        OF_SYSTEM.forEach(family -> subscribe(system, family));
    }

    private void subscribe(final Account account, final String family) {
        context.router().subscribe(account, PREFIX + family, null,
                (owner, origin, msg) -> take(read(owner, origin, msg)));
    }

    private void take(final ApiRequest request) {
        final int dropped = requests.take(request);
        if (dropped > 0) {
            LOG.warn("JetStream API queue limit reached, {} requests dropped", dropped);
        }
    }

    /** Handles requests that did not fit into an earlier turn. Called once per turn; returns how many there were. */
    public int doWork() {
        return requests.doWork();
    }

    /** Whether {@link #doWork} has something to do. */
    public boolean hasWork() {
        return !requests.isEmpty();
    }

    private static ApiRequest read(final Account account, final jetstream.server.route.Origin origin, final Msg msg) {
        final String subject = new String(msg.subject(), 0, msg.subjectLength(), StandardCharsets.UTF_8);
        final byte[] headers = new byte[msg.headersLength()];
        msg.bodyBuffer().get(msg.bodyOffset(), headers);
        final byte[] body = new byte[msg.totalLength() - msg.headersLength()];
        msg.bodyBuffer().get(msg.bodyOffset() + msg.headersLength(), body);
        final String reply = new String(msg.reply(), 0, msg.replyLength(), StandardCharsets.UTF_8);
        return new ApiRequest(account, subject, subject.substring(PREFIX.length()).split("\\.", -1), body, reply,
                new String(headers, StandardCharsets.UTF_8), origin);
    }

    /** Told by the server when the meta group's leader is known, or not. */
    public void onMetaLeader(final boolean known) {
        leaderlessSinceNs = known ? Long.MAX_VALUE : System.nanoTime();
    }

    /** Called about ten times a second. */
    public void tick(final long nowNs) {
        gather.tick(nowNs);
        held.tick(nowNs);
        copies.tick(nowNs);
        replacement.tick(nowNs);
    }

    private void onRequest(final ApiRequest request) {
        final String[] tokens = request.tokens();
        switch (tokens[0]) {
            case "INFO" -> onMeta(request, AccountApi.INFO, accounts::info);
            case "STREAM" -> onStream(request, tokens);
            case "CONSUMER" -> onConsumer(request, tokens);
            case "META", "SERVER", "ACCOUNT" -> onSystem(request);
            default -> {
                // An unknown subject is met with silence.
            }
        }
    }

    private void onStream(final ApiRequest request, final String[] tokens) {
        switch (tokens[1]) {
            case "CREATE" -> onMeta(request, 3, StreamApi.CREATE, streams::create);
            case "UPDATE" -> onMeta(request, 3, StreamApi.UPDATE, streams::update);
            case "DELETE" -> onMeta(request, 3, StreamApi.DELETE, streams::delete);
            case "NAMES" -> onMeta(request, 2, ListApi.STREAM_NAMES, lists::streamNames);
            case "LIST" -> onMeta(request, 2, ListApi.STREAM_LIST, lists::streamList);
            case "INFO" -> leaders.stream(request, 3, MessageApi.INFO, messages::info);
            case "PURGE" -> leaders.stream(request, 3, "stream_purge_response", messages::purge);
            case "MSG" -> onMessage(request);
            case "LEADER" -> leaders.stream(request, 4, "stream_leader_stepdown_response", messages::stepDown);
            case "CANCEL_MOVE" -> onMeta(request, 3, PeerApi.CANCEL, peers::cancelMove);
            case "PEER" -> onPeer(request, 4, PeerApi.STREAM_REMOVE, PeerApi.STREAM_EVACUATE, peers::stream);
            default -> {
                // An unknown subject is met with silence.
            }
        }
    }

    private void onMessage(final ApiRequest request) {
        switch (request.token(2)) {
            case "GET" -> leaders.stream(request, 4, MessageApi.MSG_GET, messages::getMessage);
            case "DELETE" -> leaders.stream(request, 4, "stream_msg_delete_response", messages::deleteMessage);
            default -> {
                // An unknown subject is met with silence.
            }
        }
    }

    private void onConsumer(final ApiRequest request, final String[] tokens) {
        switch (tokens[1]) {
            case "CREATE" -> onMeta(request, ConsumerApi.CREATE, consumers::create);
            case "DURABLE" -> onMeta(request, 5, ConsumerApi.CREATE, consumers::createDurable);
            case "DELETE" -> onMeta(request, 4, ConsumerApi.DELETE, consumers::delete);
            case "PAUSE" -> onMeta(request, 4, ConsumerApi.PAUSE, consumers::pause);
            case "NAMES" -> onMeta(request, 3, ListApi.CONSUMER_NAMES, lists::consumerNames);
            case "LIST" -> onMeta(request, 3, ListApi.CONSUMER_LIST, lists::consumerList);
            case "INFO" -> leaders.consumer(request, 2, ConsumerLeaderApi.INFO, consumerLeaders::info);
            case "UNPIN" -> leaders.consumer(request, 2, "consumer_unpin_response", consumerLeaders::unpin);
            case "LEADER" ->
                leaders.consumer(request, 3, "consumer_leader_stepdown_response", consumerLeaders::stepDown);
            case "PEER" -> onPeer(request, 5, PeerApi.CONSUMER_REMOVE, PeerApi.CONSUMER_EVACUATE, peers::consumer);
            default -> {
                // An unknown subject is met with silence.
            }
        }
    }

    @FunctionalInterface
    private interface PeerHandler {
        void handle(ApiRequest request, String type);
    }

    private void onPeer(final ApiRequest request, final int tokens, final String removal, final String evacuation,
            final PeerHandler then) {
        switch (request.token(2)) {
            case "REMOVE" -> onMeta(request, tokens, removal, r -> then.handle(r, removal));
            case "EVACUATE" -> onMeta(request, tokens, evacuation, r -> then.handle(r, evacuation));
            default -> {
                // An unknown subject is met with silence.
            }
        }
    }

    /** Requests of the system account. */
    private void onSystem(final ApiRequest request) {
        if (!request.account().name().equals(context.config().systemAccount())) {
            return;
        }
        switch (request.tokens()[0] + "." + request.token(1)) {
            case "META.LEADER" -> onMetaRequest(request);
            case "META.RESCUE" -> servers.rescue(request);
            case "SERVER.REMOVE" -> onSystemMeta(request, 2, ServerApi.REMOVE, servers::remove);
            case "SERVER.EVACUATE" -> onSystemMeta(request, 2, ServerApi.EVACUATE, servers::evacuate);
            case "ACCOUNT.PURGE" -> onSystemMeta(request, 3, ServerApi.PURGE, servers::purgeAccount);
            case "ACCOUNT.STREAM" -> onAccountStream(request);
            default -> {
                // An unknown subject is met with silence.
            }
        }
    }

    private void onAccountStream(final ApiRequest request) {
        switch (request.token(2)) {
            case "MOVE" -> onSystemMeta(request, 5, StreamApi.UPDATE, peers::move);
            case "CANCEL_MOVE" -> onSystemMeta(request, 5, PeerApi.CANCEL, peers::cancelMoveOf);
            default -> {
                // An unknown subject is met with silence.
            }
        }
    }

    private void onSystemMeta(final ApiRequest request, final int tokens, final String type,
            final Consumer<ApiRequest> then) {
        if (request.tokens().length != tokens) {
            return;
        }
        if (context.shard().meta().isLeader()) {
            then.accept(request);
        } else if (isLeaderless()) {
            replies.fail(request, type, ApiError.CLUSTER_NOT_AVAIL.failure());
        }
    }

    private void onMetaRequest(final ApiRequest request) {
        if (request.token(2).equals("STEPDOWN") && context.shard().meta().isLeader()) {
            Stepdown.answer(context, replies, request, "meta_leader_stepdown_response", context.shard().meta().group(),
                    context.shard().meta().state().nodes().stream().map(n -> n.node()).toList());
        }
    }

    private void onMeta(final ApiRequest request, final int tokens, final String type,
            final Consumer<ApiRequest> then) {
        if (request.tokens().length == tokens) {
            onMeta(request, type, then);
        }
    }

    private void onMeta(final ApiRequest request, final String type, final Consumer<ApiRequest> then) {
        if (context.shard().meta().isLeader()) {
            final ApiFailure failure = refusal(request);
            if (failure != null) {
                replies.fail(request, type, failure);
            } else {
                then.accept(request);
            }
        } else if (isLeaderless()) {
            replies.fail(request, type, ApiError.CLUSTER_NOT_AVAIL.failure());
        } else if (leaderlessSinceNs != Long.MAX_VALUE && REPEATABLE.contains(type)) {
            held.add(new MetaHold(request, type, then), System.nanoTime(), META_PATIENCE_NS);
        }
    }

    /** A request that came while no leader was known. */
    private final class MetaHold implements HeldRequests.Hold {
        private final ApiRequest request;
        private final String type;
        private final Consumer<ApiRequest> then;

        MetaHold(final ApiRequest request, final String type, final Consumer<ApiRequest> then) {
            this.request = request;
            this.type = type;
            this.then = then;
        }

        @Override
        public boolean isServable() {
            return context.shard().meta().isLeader();
        }

        @Override
        public boolean isLeaderless() {
            return leaderlessSinceNs != Long.MAX_VALUE;
        }

        @Override
        public void serve() {
            onMeta(request, type, then);
        }

        @Override
        public void refuse() {
            replies.fail(request, type, ApiError.CLUSTER_NOT_AVAIL.failure());
        }
    }

    private ApiFailure refusal(final ApiRequest request) {
        if (!limitsOf.apply(request.account().name()).enabled()) {
            return ApiError.NOT_ENABLED_FOR_ACCOUNT.failure();
        }
        return request.demandsLevelAbove(AdminContext.API_LEVEL) ? ApiError.REQUIRED_API_LEVEL.failure() : null;
    }

    /** No leader for a while, and up for a while: then silence would only make clients wait. */
    private boolean isLeaderless() {
        final long nowNs = System.nanoTime();
        return leaderlessSinceNs != Long.MAX_VALUE && nowNs - startedNs >= YOUNG_NS
                && nowNs - leaderlessSinceNs >= YOUNG_NS;
    }

    /** A server was removed: what it held is to be placed elsewhere. */
    public void onServerRemoved() {
        replacement.soon();
    }

    /** What leaders of assets want decided. */
    public MetaOrders orders() {
        return orders;
    }

    // ---- answers to decisions

    /** A stream was made or changed, and somebody waits. */
    public void answer(final StreamReplica stream, final Origin origin, final boolean isNew) {
        replies.ok(account(stream.assignment().account(), origin), origin, t -> {
            info.stream(t, stream, InfoJson.StateDetails.NONE);
            if (origin.response().equals(StreamApi.CREATE)) {
                t.opt("did_create", isNew || !context.clustered());
            }
        });
    }

    /** A consumer was made or changed, and somebody waits. */
    public void answer(final ConsumerReplica consumer, final Origin origin) {
        final Account account = account(consumer.assignment().account(), origin);
        final Consumer<JsonText> members = origin.response().equals(ConsumerApi.PAUSE)
                ? t -> ConsumerApi.paused(t, consumer.assignment().config()) : t -> info.consumer(t, consumer);
        replies.ok(account, origin, members);
    }

    /** A removal was decided, or a change refused, and somebody waits. */
    public void answer(final String account, final Origin origin, final ApiFailure failure) {
        if (failure == null) {
            replies.ok(account(account, origin), origin, t -> t.put("success", true));
        } else {
            replies.fail(account(account, origin), origin, failure);
        }
    }

    private Account account(final String ofAsset, final Origin origin) {
        return context.router().account(origin.account().isEmpty() ? ofAsset : origin.account());
    }
}

package jetstream.server;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Condition;
import jetstream.api.error.ApiFailure;
import jetstream.api.frame.RouteFrame;
import jetstream.api.transport.PeerInfo;
import jetstream.engine.Outbox;
import jetstream.engine.consumer.ConsumerListener;
import jetstream.engine.meta.AssetLimits;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaEntries;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.meta.Origin;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.Shard;
import jetstream.engine.shard.ShardHost;
import jetstream.engine.shard.StreamReplica;
import jetstream.server.admin.AdminContext;
import jetstream.server.admin.Advisories;
import jetstream.server.admin.ApiRouter;
import jetstream.server.admin.AssetRequests;
import jetstream.server.admin.ReplicaTroubles;
import jetstream.server.cluster.AccountOutbox;
import jetstream.server.cluster.AssetSubscriptions;
import jetstream.server.cluster.ClusterNode;
import jetstream.server.cluster.ClusterSettings;
import jetstream.server.cluster.RouteLane;
import jetstream.server.conf.JetStreamLimits;
import jetstream.server.conf.ServerConfig;
import jetstream.server.launch.LaunchLines;
import jetstream.server.monitor.AccountEvents;
import jetstream.server.monitor.MonitorPages;
import jetstream.server.monitor.SystemServices;
import jetstream.server.net.DutyAgent;
import jetstream.server.route.Account;
import jetstream.server.route.RouteAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts JetStream and the cluster beside the client side of a server: one agent of the node thread that steps the
 * cluster node and connects what it decides with subjects, answers and advisories. Owner: the node thread.
 */
final class NodeAssembly implements DutyAgent, ShardHost, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAssembly.class);
    private static final long READY_MAX_S = 10;
    private static final long TICK_NS = 100_000_000L;

    private final ServerContext context;
    private final ServerConfig config;
    private final JetStreamAccounts accounts;
    private final Map<String, Outbox> outboxes = new HashMap<>();
    private final AssetRequests requests;
    private final AssetSubscriptions subscriptions;
    private final RouteAgent routes;
    private final ClusterNode node;
    private String clientUrl = "";
    private final SystemServices services;
    private final MonitorPages pages;
    private final ServerMonitor monitor;
    private ApiRouter api;
    private Advisories advisories;
    private final CountDownLatch ready = new CountDownLatch(1);
    private long tickNs;

    NodeAssembly(final ServerContext context) {
        this.context = context;
        config = context.config();
        accounts = new JetStreamAccounts(config);
        requests = new AssetRequests(context.router());
        subscriptions = new AssetSubscriptions(context.router(), requests::directGet, requests::reset);
        // A lone server without a configured name has another one at every start, and must find its data all the same.
        final boolean isNameless = config.serverName().isEmpty() && !config.cluster().enabled();
        final String nodeName = isNameless ? "standalone" : context.info().name();
        node = new ClusterNode(new ClusterSettings(config, nodeName, context.info().clusterName(),
                ThreadLocalRandom.current().nextLong(), Map.of(PeerUrls.SERVER_ID, context.info().id()),
                config.serverTags(), context.loop()::register, context.loop()::wakeup), new Lane());
        monitor = new ServerMonitor(context, this);
        pages = new MonitorPages(monitor);
        services = new SystemServices(monitor, pages);
        routes = new RouteAgent(context.router(), node::routeLink, context.loop()::atTurnEnd, node::send);
    }

    /** Opens stores and transport and starts to serve the API. Node thread. */
    void open() {
        if (config.jetStream().enabled()) {
            LOG.info(LaunchLines.JETSTREAM_STARTING);
            LOG.info("  Store Directory: \"{}\"", config.jetStream().storage().storeDir().resolve("jetstream"));
            if (config.cluster().enabled()) {
                LOG.info(LaunchLines.JETSTREAM_CLUSTER_STARTING);
            }
        }
        node.open(this, this::serve);
        services.start();
        context.clients().listener(new AccountEvents(monitor, services));
    }

    /**
     * Waits until a lone server can answer requests for its streams; one of a cluster may need its peers first, and is
     * not waited for. Any thread but the node thread.
     */
    void awaitReady() {
        if (!config.jetStream().enabled() || config.cluster().enabled()) {
            return;
        }
        try {
            if (!ready.await(READY_MAX_S, TimeUnit.SECONDS)) {
                LOG.warn("JetStream is not ready after {} s; clients are let in all the same", READY_MAX_S);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Pages of the monitoring port. */
    MonitorPages pages() {
        return pages;
    }

    /** Clients are listened for: other servers may tell theirs. Node thread. */
    void clientsWelcome(final int port) {
        if (config.cluster().listen().isPresent() && !config.cluster().listen().get().noAdvertise()) {
            clientUrl = ClientUrl.of(config, port);
            node.attribute(PeerUrls.CLIENT_URL, clientUrl);
            tellClients();
        }
    }

    /** The shard is made and opens its groups next. */
    private void serve(final Shard shard) {
        final JetStreamLimits limits = config.jetStream().limits();
        final AdminContext admin = new AdminContext(config, context.info().name(), context.info().id(), node.self(),
                shard, context.router(),
                new AssetLimits(config.cluster().enabled(), limits.duplicateWindowNs(), limits.maxAckPending(),
                        limits.maxRequestBatch(), limits.defaultMaxConsumers(), config.limits().maxPayloadBytes()),
                node::isOnline, node::leaderOf);
        advisories = new Advisories(admin);
        api = new ApiRouter(admin, accounts::limits, advisories);
        requests.info(api.info(), api.replies());
        final List<Account> enabled = new ArrayList<>();
        accounts.enabled().forEach(name -> enabled.add(context.router().account(name)));
        if (!config.jetStream().domain().isEmpty()) {
            // Clients may name the domain in requests; to its own servers that makes no difference.
            enabled.forEach(
                    account -> account.mappings().add("$JS." + config.jetStream().domain() + ".API.>", "$JS.API.>"));
        }
        api.start(enabled);
        context.router().silence((account, subject, length) -> accounts.limits(account.name()).enabled()
                && ApiRouter.isUnknown(subject, length));
    }

    /** The cluster node. */
    public ClusterNode node() {
        return node;
    }

    /** The API; null without JetStream. */
    public ApiRouter api() {
        return api;
    }

    /** How often the data of replicas was in trouble; null without JetStream. */
    public ReplicaTroubles troubles() {
        return advisories == null ? null : advisories.troubles();
    }

    /** Links to other servers, as the route agent has them. */
    public RouteAgent routes() {
        return routes;
    }

    /** JetStream of the accounts. */
    public JetStreamAccounts accounts() {
        return accounts;
    }

    // ---- DutyAgent

    @Override
    public int doWork(final long nowNs) {
        int work = api == null ? 0 : api.doWork();
        work += node.doWork(nowNs);
        if (ready.getCount() > 0 && isReady()) {
            ready.countDown();
        }
        if (nowNs - tickNs >= TICK_NS) {
            tickNs = nowNs;
            services.tick(nowNs);
            if (api != null) {
                api.tick(nowNs);
            }
        }
        return work;
    }

    private boolean isReady() {
        final Shard shard = node.shard();
        return shard != null && shard.meta().isLeader() && shard.isSettled()
                && shard.meta().state().node(node.self()) != null
                && shard.streams().stream().allMatch(StreamReplica::isLeader);
    }

    @Override
    public long nextDeadlineNs() {
        final long nowNs = System.nanoTime();
        return api != null && api.hasWork() ? nowNs : node.nextDeadlineNs(nowNs);
    }

    /** Takes the route lane's part of what the cluster node hears. */
    private final class Lane implements RouteLane {
        @Override
        public void onPeerUp(final PeerInfo peer) {
            LOG.info("{}:{} - rid:{} - {}", peer.host(), peer.port(), peer.node(), LaunchLines.ROUTE_CREATED);
            routes.onPeerUp(peer);
            tellClients();
        }

        @Override
        public void onPeerChanged(final PeerInfo peer) {
            tellClients();
        }

        @Override
        public void onPeerDown(final NodeId peer) {
            routes.onPeerDown(peer);
            tellClients();
        }

        @Override
        public void onFrame(final NodeId from, final RouteFrame frame, final ByteBuffer payload, final int offset,
                final int length) {
            routes.onFrame(from, frame, payload, offset, length);
        }

        @Override
        public int doWork(final long nowNs) {
            return routes.doWork(nowNs);
        }

        @Override
        public long nextDeadlineNs(final long nowNs) {
            return routes.nextDeadlineNs(nowNs);
        }
    }

    private void tellClients() {
        final TreeSet<String> urls = new TreeSet<>();
        if (!clientUrl.isEmpty()) {
            urls.add(clientUrl);
        }
        node.peers().forEach(peer -> {
            final String url = peer.attributes().getOrDefault(PeerUrls.CLIENT_URL, "");
            if (!url.isEmpty()) {
                urls.add(url);
            }
        });
        final List<String> now = List.copyOf(urls);
        if (!now.equals(context.info().connectUrls())) {
            context.info().connectUrls(now);
            context.listener().sendInfoToAll();
        }
    }

    // ---- ShardHost

    @Override
    public Outbox outbox(final String account) {
        return outboxes.computeIfAbsent(account, a -> new AccountOutbox(context.router(), context.router().account(a)));
    }

    @Override
    public boolean isOnline(final NodeId peer) {
        return node.isOnline(peer);
    }

    @Override
    public void onStreamRole(final StreamReplica stream, final boolean leads) {
        if (leads) {
            subscriptions.subscribe(stream);
            advisories.streamLeader(stream);
        } else {
            subscriptions.unsubscribe(stream);
        }
        api.copies().update(stream);
    }

    @Override
    public void onStreamConfig(final StreamReplica stream) {
        if (stream.isLeader()) {
            subscriptions.subscribe(stream);
        }
        subscriptions.serveDirectGets(stream);
        api.copies().update(stream);
    }

    @Override
    public void onStreamClosed(final StreamReplica stream) {
        subscriptions.unsubscribe(stream);
        subscriptions.stopDirectGets(stream);
        api.copies().stop(stream);
    }

    @Override
    public void onConsumerRole(final ConsumerReplica consumer, final boolean leads) {
        if (leads) {
            subscriptions.subscribe(consumer);
            advisories.consumerLeader(consumer);
        } else {
            subscriptions.unsubscribe(consumer);
        }
    }

    @Override
    public ConsumerListener consumerListener(final ConsumerAssignment consumer) {
        return advisories.consumer(consumer);
    }

    @Override
    public void onConsumerExpired(final ConsumerReplica consumer) {
        api.orders().removeConsumer(consumer.assignment());
    }

    @Override
    public void onConsumerClosed(final ConsumerReplica consumer) {
        subscriptions.unsubscribe(consumer);
    }

    @Override
    public void onMetaRole(final boolean leads, final NodeId leader) {
        node.onMetaRole(leads);
        api.onMetaLeader(leads || leader != null);
        if (leads) {
            LOG.info("JetStream cluster new metadata leader: {}/{}", context.info().name(),
                    context.info().clusterName());
        }
    }

    @Override
    public void answerStream(final StreamReplica stream, final Origin origin, final boolean isNew) {
        api.answer(stream, origin, isNew);
    }

    @Override
    public void answerConsumer(final ConsumerReplica consumer, final Origin origin) {
        api.answer(consumer, origin);
    }

    @Override
    public void answerMeta(final String account, final Origin origin, final ApiFailure failure) {
        api.answer(account, origin, failure);
    }

    @Override
    public void onStreamAssigned(final StreamAssignment stream, final boolean isNew, final boolean isGone) {
        advisories.streamAction(stream, isNew, isGone);
    }

    @Override
    public void onConsumerAssigned(final ConsumerAssignment consumer, final boolean isNew, final boolean isGone) {
        advisories.consumerAction(consumer, isNew, isGone);
    }

    @Override
    public void onBatchAbandoned(final StreamReplica stream, final String id, final String reason) {
        advisories.batchAbandoned(stream, id, reason);
    }

    @Override
    public void onStreamCondition(final StreamReplica stream, final Condition condition, final String reason) {
        advisories.streamCondition(stream, condition, reason);
    }

    @Override
    public void onConsumerCondition(final ConsumerReplica consumer, final Condition condition, final String reason) {
        advisories.consumerCondition(consumer, condition, reason);
    }

    @Override
    public void onMetaCondition(final Condition condition, final String reason) {
        advisories.metaCondition(condition, reason);
    }

    @Override
    public void onSettled(final MetaEntries.Settled settled) {
        api.orders().settle(settled);
    }

    @Override
    public void onForgotten(final GroupId group) {
        api.orders().forgot(group);
    }

    @Override
    public void onStreamStartedAnew(final StreamAssignment stream) {
        LOG.warn("{} > {} starts again without its messages: too few of its members have any", stream.account(),
                stream.name());
        advisories.streamStartedAnew(stream);
    }

    @Override
    public void onNodeForgotten(final MetaNode gone) {
        advisories.serverRemoved(gone);
        api.onServerRemoved();
    }

    @Override
    public void onLeadership(final GroupId group, final long term, final boolean leads) {
        node.onLeadership(group, term, leads);
    }

    @Override
    public void onGroupFailed(final String group, final RuntimeException failure) {
        LOG.error("group {} is stopped on this server by an error of the server", group, failure);
    }

    /** The bound cluster endpoint; null if not clustered. */
    InetSocketAddress clusterAddress() {
        return node.clusterAddress();
    }

    @Override
    public void close() {
        node.close();
    }
}

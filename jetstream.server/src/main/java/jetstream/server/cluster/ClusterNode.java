package jetstream.server.cluster;

import com.typesafe.config.Config;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.api.consensus.Consensus;
import jetstream.api.consensus.ConsensusContext;
import jetstream.api.consensus.ConsensusProvider;
import jetstream.api.frame.Frame;
import jetstream.api.frame.NodeFrame;
import jetstream.api.frame.RaftFrame;
import jetstream.api.frame.RouteFrame;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreException;
import jetstream.api.store.StoreProvider;
import jetstream.api.transport.Lane;
import jetstream.api.transport.PeerInfo;
import jetstream.api.transport.PeerLink;
import jetstream.api.transport.PeerListener;
import jetstream.api.transport.Transport;
import jetstream.api.transport.TransportContext;
import jetstream.api.transport.TransportProvider;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.shard.Shard;
import jetstream.engine.shard.ShardHost;
import jetstream.engine.shard.ShardSettings;
import jetstream.server.conf.ClusterConfig;
import jetstream.server.conf.JetStreamConfig;
import jetstream.server.conf.ServerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server's part of the cluster: transport, stores, consensus and the shard, stepped together once per turn of the
 * node thread. Without JetStream it is the transport alone; without a cluster it has no transport. Owner: the node
 * thread.
 */
public final class ClusterNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
    private static final int POLL_LIMIT = 512;
    private static final int NOTICE_LEADERS = 1;
    private static final int NOTICE_REMOVED = 2;
    private static final int NOTICE_TIME = 3;
    private static final long TIME_TOLD_NS = 500_000_000L;
    private static final int DEFAULT_DIRECTORIES_MAX = 64;
    private static final int MEMORY_SHARE = 2;
    private static final long TICK_NS = 50_000_000L;
    private static final long STORE_WORK_NS = 5_000_000L;

    private final ClusterSettings settings;
    private final NodeId self;
    private final RouteLane routes;
    private final PeerClocks peerClocks = new PeerClocks();
    private final EpochClock clock = new EpochClock(peerClocks);
    private final LeaderBoard leaders = new LeaderBoard();
    private final Map<GroupId, Long> ledTerms = new HashMap<>();
    private final Map<NodeId, PeerInfo> peers = new HashMap<>();
    private final Map<String, String> extraAttributes = new HashMap<>();
    private final Set<NodeId> unaware = new HashSet<>();
    private Transport transport;
    private Consensus consensus;
    private ForcedStore durable;
    private ForcedStore inMemory;
    private Shard shard;
    private NodeMemory memory;
    private Bootstrap bootstrap;
    private MetaMembers members;
    private boolean isFailed;
    private boolean isJoining;
    private long tickNs;
    private long timeToldNs;
    private long storeWorkNs;

    /** Opens nothing; {@code routes} takes what is not consensus. */
    public ClusterNode(final ClusterSettings settings, final RouteLane routes) {
        this.settings = settings;
        this.routes = routes;
        self = NodeId.of(settings.serverName());
    }

    /**
     * Opens stores, consensus and transport. Node thread.
     *
     * @param host what the shard asks of the server
     * @param onShard told of the shard before it opens any group
     * @throws jetstream.api.OperatingException if a store or the endpoint cannot be opened; nothing is left open then
     */
    public void open(final ShardHost host, final Consumer<Shard> onShard) {
        final JetStreamConfig jetStream = settings.config().jetStream();
        if (settings.config().cluster().enabled()) {
            openTransport();
        }
        if (jetStream.enabled()) {
            try {
                openJetStream(jetStream, host, onShard);
            } catch (final RuntimeException e) {
                close();
                throw e;
            }
        }
    }

    private void openTransport() {
        final ClusterConfig cluster = settings.config().cluster();
        final ClusterConfig.ClusterListen listen = cluster.listen().orElseThrow();
        final String credentials = cluster.login().user().isEmpty() ? ""
                : cluster.login().user() + ":" + cluster.login().password();
        final List<URI> routeUris = new ArrayList<>();
        cluster.routes().forEach(route -> routeUris.add(RouteUris.of(route)));
        final String name = settings.config().tree().getString("jetstream.transport.name");
        transport = Plugins.find(TransportProvider.class, TransportProvider::name, name).open(new TransportContext(
                settings.clusterName(), settings.serverName(), settings.bootId(), listen.host(), listen.port(),
                listen.advertise(), routeUris,
                Plugins.settings(settings.config().tree(), "jetstream.transport." + name), credentials, attributes(),
                settings.channels(), ClusterNode::log));
        transport.onPeers(new Peers());
    }

    private void openJetStream(final JetStreamConfig config, final ShardHost host, final Consumer<Shard> onShard) {
        final Path directory = openDurable(config);
        memory = new NodeMemory(directory);
        inMemory = new ForcedStore(Plugins.find(StoreProvider.class, StoreProvider::name, "memory").open(
                new StoreContext(directory, settings.serverName(), memorySettings(config), ClusterNode::log)), null,
                settings.wakeup());
        final long seed = ThreadLocalRandom.current().nextLong();
        consensus = Plugins.find(ConsensusProvider.class, ConsensusProvider::name, "raft")
                .open(new ConsensusContext(self, settings.bootId(), this::link, seed,
                        Plugins.settings(settings.config().tree(), "jetstream.raft"), ClusterNode::log,
                        new SetAsideFiles(directory.resolve("set-aside"), clock)));
        shard = new Shard(new ShardSettings(self, config.domain(), seed, settings.config().limits().maxPayloadBytes()),
                host, consensus, durable.store(), inMemory.store());
        shard.time(System.nanoTime(), clock.epochNs(System.nanoTime()));
        members = new MetaMembers(shard, memory,
                new MetaNode(self, settings.serverName(), settings.tags(), memory.life()), this::tellRemoved);
        onShard.accept(shard);
        startMeta();
    }

    private static Map<String, String> memorySettings(final JetStreamConfig config) {
        final long configured = config.storage().maxMemoryBytes();
        // Messages in memory must not take the heap that everything else lives on.
        final long bytes = configured > 0 ? configured : Runtime.getRuntime().maxMemory() / MEMORY_SHARE;
        return Map.of("max_bytes", Long.toString(bytes));
    }

    /** Opens the durable store; returns its directory. */
    private Path openDurable(final JetStreamConfig config) {
        final Path configured = config.storage().storeDir();
        final boolean isDefault = configured.equals(ServerConfig.defaults().jetStream().storage().storeDir());
        for (int number = 1;; number++) {
            final Path directory = configured.resolve(number == 1 ? "jetstream" : "jetstream-" + number);
            try {
                durable = openDurable(config, directory);
                return directory;
            } catch (final StoreException.InUse e) {
                // Nobody chose the default directory: a second server on a machine may have one beside the first's.
                if (!isDefault || number == DEFAULT_DIRECTORIES_MAX) {
                    throw e;
                }
                LOG.info("{}: trying the next", e.getMessage());
            }
        }
    }

    private ForcedStore openDurable(final JetStreamConfig config, final Path directory) {
        final String name = config.storage().store();
        return new ForcedStore(Plugins.find(StoreProvider.class, StoreProvider::name, name)
                .open(new StoreContext(directory, settings.serverName(),
                        storeSettings(name), ClusterNode::log, this::onDamage)),
                "force-" + settings.serverName(), settings.wakeup());
    }

    /** Not while the store is opened: it has no groups yet that could be told. */
    private void onDamage(final GroupId group, final long index) {
        if (consensus != null) {
            consensus.onDamage(group, index);
        }
    }

    /** Settings of the store plug-in, and the keys, which every store gets so that none ignores them. */
    private Map<String, String> storeSettings(final String name) {
        final Config tree = settings.config().tree();
        final Map<String, String> found = Plugins.settings(tree, "jetstream.store." + name);
        Map.of("encryption_key", "key", "prev_encryption_key", "prev_key").forEach((option, setting) -> {
            if (tree.hasPath("jetstream." + option)) {
                found.put(setting, tree.getString("jetstream." + option));
            }
        });
        if (found.containsKey("key") && tree.hasPath("jetstream.cipher")) {
            found.put("cipher", tree.getString("jetstream.cipher"));
        }
        return found;
    }

    private PeerLink link(final NodeId peer, final Lane lane) {
        return transport == null ? (frame, payload, offset, length) -> false : transport.link(peer, lane);
    }

    private static void log(final boolean warning, final String text) {
        if (warning) {
            LOG.warn(text);
        } else {
            LOG.info(text);
        }
    }

    // ---- bootstrap

    private void startMeta() {
        if (memory.isRemoved()) {
            removed();
        } else if (!memory.incarnation().isEmpty()) {
            isJoining = memory.joinedAt() == Long.MAX_VALUE;
            shard.openMeta(isJoining ? List.of() : Bootstrap.founders(memory), true, isJoining, memory.joinedAt());
            publishAttributes();
        } else if (transport == null) {
            final String incarnation = UUID.randomUUID().toString();
            memory.foundAlone(incarnation, incarnation + ":" + Long.toHexString(self.value()));
            shard.openMeta(List.of(self), false, false, 0);
        } else {
            final int size = ConfiguredSize.of(settings.config().cluster(), transport.localAddress());
            bootstrap = new Bootstrap(self, size, memory);
            LOG.info("JetStream cluster: waiting for {} of {} servers", size / 2 + 1, size);
            stepBootstrap();
        }
    }

    private void stepBootstrap() {
        if (bootstrap == null || shard == null) {
            return;
        }
        final Bootstrap.Step step = bootstrap.step(UUID.randomUUID().toString());
        switch (step.kind()) {
            case WAIT -> {
                // Asked again when a peer comes or changes.
            }
            case PUBLISH -> {
                publishAttributes();
                stepBootstrap();
            }
            case FOUND -> {
                bootstrap = null;
                memory.incarnation(step.incarnation(), 0);
                LOG.info("JetStream cluster: incarnation {} founded with {} servers", step.incarnation(),
                        step.voters().size());
                shard.openMeta(step.voters(), false, false, 0);
                publishAttributes();
            }
            case JOIN -> {
                bootstrap = null;
                isJoining = true;
                memory.incarnation(step.incarnation(), Long.MAX_VALUE);
                LOG.info("JetStream cluster: joining incarnation {}", step.incarnation());
                shard.openMeta(List.of(), false, true, Long.MAX_VALUE);
                publishAttributes();
            }
        }
    }

    /** Publishes one more attribute of this server. */
    public void attribute(final String name, final String value) {
        extraAttributes.put(name, value);
        publishAttributes();
    }

    private Map<String, String> attributes() {
        final Map<String, String> all = new HashMap<>(settings.attributes());
        all.putAll(extraAttributes);
        all.put(Bootstrap.JETSTREAM, Boolean.toString(settings.config().jetStream().enabled() && !isRemoved()));
        all.put("tags", String.join(",", settings.tags()));
        if (memory != null) {
            all.put(Bootstrap.INCARNATION, memory.incarnation());
            all.put(Bootstrap.PROMISE, memory.promise());
            all.put(Bootstrap.LIFE, memory.life());
        }
        return all;
    }

    private void publishAttributes() {
        if (transport != null) {
            transport.attributes(attributes());
        }
    }

    /** Told by the host when this node's member of the meta group got a role. */
    public void onMetaRole(final boolean leads) {
        if (members != null) {
            members.onRole();
        }
        tickNs = System.nanoTime() - TICK_NS; // a new leader registers servers at once: placement knows only those
        if (isJoining && shard.meta().group() != null && shard.meta().hasJoined()) {
            isJoining = false;
            final long joinedAt = shard.meta().group().report().appliedIndex();
            memory.incarnation(memory.incarnation(), joinedAt);
            shard.joined(joinedAt);
            LOG.info("JetStream cluster: joined, complete from meta index {}", joinedAt);
        }
    }

    // ---- duty cycle

    /** One turn. Returns the amount of work done; 0 lets the node thread block. */
    public int doWork(final long nowNs) {
        int work = 0;
        try {
            if (transport != null) {
                work += transport.poll(this::onFrame, POLL_LIMIT, nowNs);
            }
            if (shard != null && !isFailed) {
                work += stepShard(nowNs);
            }
        } catch (final StoreException.Failed e) {
            fail(e);
        }
        if (nowNs - tickNs >= TICK_NS) {
            tickNs = nowNs;
            tick();
            if (transport != null && nowNs - timeToldNs >= TIME_TOLD_NS) {
                tellTime(nowNs);
            }
        }
        return work + routes.doWork(nowNs);
    }

    private int stepShard(final long nowNs) {
        shard.time(nowNs, clock.epochNs(nowNs));
        int work = durable.reportForced(consensus);
        work += shard.beforeConsensus();
        work += consensus.doWork(nowNs);
        work += shard.afterConsensus();
        send(); // before the own write: the followers' forces take as long as ours
        work += durable.submit(consensus);
        work += inMemory.submit(consensus);
        if (nowNs - storeWorkNs >= STORE_WORK_NS) {
            storeWorkNs = nowNs;
            durable.care(nowNs);
        }
        if (durable.failure() != null) {
            fail(durable.failure());
        }
        return work;
    }

    private void fail(final RuntimeException failure) {
        isFailed = true;
        LOG.error("JetStream is stopped on this server: {}", failure.getMessage());
        shard.close();
    }

    private boolean isRemoved() {
        return memory != null && memory.isRemoved();
    }

    /** The cluster goes on without this server: what is here stays as it is. */
    private void removed() {
        memory.removed();
        isFailed = true;
        LOG.error(
                "This server was removed from the JetStream cluster: JetStream is off here, its data is left alone. To "
                        + "come back it must start with an empty store directory");
        shard.close();
        publishAttributes();
    }

    private void tellRemoved(final NodeId node, final String life) {
        final byte[] text = life.getBytes(StandardCharsets.UTF_8);
        transport.link(node, Lane.ROUTE).offer(new RouteFrame.Notice(NOTICE_REMOVED), ByteBuffer.wrap(text), 0,
                text.length);
    }

    private void onRemovedNotice(final ByteBuffer payload, final int offset, final int length) {
        final byte[] text = new byte[length];
        payload.get(offset, text);
        if (memory != null && !isFailed && memory.life().equals(new String(text, StandardCharsets.UTF_8))) {
            removed();
        }
    }

    private void tick() {
        if (shard == null || isFailed) {
            return;
        }
        members.step(peers.values());
        for (final NodeId node : List.copyOf(unaware)) {
            if (tellLeaders(node, ledTerms, true)) {
                unaware.remove(node);
            }
        }
    }

    /** When {@link #doWork} must be called even if nothing happens; monotonic nanoseconds. */
    public long nextDeadlineNs(final long nowNs) {
        long deadline = Math.min(nowNs + TICK_NS, routes.nextDeadlineNs(nowNs));
        if (transport != null) {
            deadline = Math.min(deadline, transport.nextDeadlineNs(nowNs));
        }
        if (shard != null && !isFailed) {
            deadline = Math.min(deadline, Math.min(consensus.nextDeadlineNs(), shard.nextDeadlineNs()));
        }
        return deadline;
    }

    private void onFrame(final NodeId from, final Frame frame, final ByteBuffer payload, final int offset,
            final int length) {
        switch (frame) {
            case final RaftFrame raft -> toConsensus(from, raft, payload, offset, length);
            case final NodeFrame node -> toConsensus(from, node, payload, offset, length);
            case final RouteFrame.Notice notice -> {
                switch (notice.kind()) {
                    case NOTICE_LEADERS -> leaders.read(from, payload, offset, length);
                    case NOTICE_REMOVED -> onRemovedNotice(payload, offset, length);
                    case NOTICE_TIME -> onTimeNotice(from, payload, offset, length);
                    default -> {
                        // Of a newer version.
                    }
                }
            }
            case final RouteFrame route -> routes.onFrame(from, route, payload, offset, length);
        }
    }

    private void toConsensus(final NodeId from, final Frame frame, final ByteBuffer payload, final int offset,
            final int length) {
        if (consensus != null && !isFailed) {
            consensus.onFrame(from, frame, payload, offset, length);
        }
    }

    // ---- clocks

    private void tellTime(final long nowNs) {
        timeToldNs = nowNs;
        final ByteBuffer time = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, clock.ownEpochNs(nowNs));
        for (final NodeId node : peers.keySet()) {
            transport.link(node, Lane.ROUTE).offer(new RouteFrame.Notice(NOTICE_TIME), time, 0, Long.BYTES);
        }
    }

    private void onTimeNotice(final NodeId from, final ByteBuffer payload, final int offset, final int length) {
        if (length >= Long.BYTES) {
            peerClocks.heard(from, payload.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(offset),
                    System.nanoTime());
        }
    }

    // ---- leaders

    /** This node leads a group, or stopped: the other nodes are told. */
    public void onLeadership(final GroupId group, final long term, final boolean leads) {
        if (leads) {
            leaders.leads(group, self, term);
            ledTerms.put(group, term);
        } else {
            leaders.stopped(group, self);
            ledTerms.remove(group);
        }
        for (final NodeId node : peers.keySet()) {
            if (!tellLeaders(node, Map.of(group, term), leads)) {
                unaware.add(node);
            }
        }
    }

    private boolean tellLeaders(final NodeId node, final Map<GroupId, Long> terms, final boolean leads) {
        final ByteBuffer rows =
                ByteBuffer.allocate(terms.size() * LeaderBoard.ROW_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        terms.forEach((group, term) -> LeaderBoard.write(rows, group, term, leads));
        return transport.link(node, Lane.ROUTE).offer(new RouteFrame.Notice(NOTICE_LEADERS), rows, 0, rows.position());
    }

    /** Who leads a group, as far as it is known; null if not. */
    public NodeId leaderOf(final GroupId group) {
        return leaders.leader(group);
    }

    // ---- views

    /** The shard; null without JetStream. */
    public Shard shard() {
        return shard;
    }

    /** This node. */
    public NodeId self() {
        return self;
    }

    /** Whether a node can be reached now; this one always can. */
    public boolean isOnline(final NodeId node) {
        return node.equals(self) || peers.containsKey(node);
    }

    /** Peers whose links are up. */
    public List<PeerInfo> peers() {
        return List.copyOf(peers.values());
    }

    /** Lane to a peer. */
    public PeerLink routeLink(final NodeId node) {
        return transport.link(node, Lane.ROUTE);
    }

    /** Puts on the wire what was offered to lanes in this turn. */
    public void send() {
        if (transport != null) {
            transport.flush();
        }
    }

    /** The bound cluster endpoint; null if not clustered. */
    public InetSocketAddress clusterAddress() {
        return transport == null ? null : transport.localAddress();
    }

    /** Whether JetStream runs, or has stopped because its device failed. */
    public boolean isFailed() {
        return isFailed;
    }

    @Override
    public void close() {
        if (shard != null && !isFailed) {
            shard.close();
        }
        if (consensus != null) {
            consensus.close();
        }
        if (durable != null) {
            durable.close();
        }
        if (inMemory != null) {
            inMemory.close();
        }
        if (transport != null) {
            transport.close();
        }
    }

    /** Follows links as they come and go. */
    private final class Peers implements PeerListener {
        @Override
        public void onPeerUp(final PeerInfo peer) {
            peers.put(peer.node(), peer);
            unaware.add(peer.node());
            routes.onPeerUp(peer);
            if (consensus != null) {
                consensus.onPeerUp(peer.node());
            }
            changed(peer);
        }

        @Override
        public void onPeerChanged(final PeerInfo peer) {
            peers.put(peer.node(), peer);
            routes.onPeerChanged(peer);
            changed(peer);
        }

        private void changed(final PeerInfo peer) {
            if (bootstrap != null) {
                bootstrap.onPeer(peer);
                stepBootstrap();
            }
        }

        @Override
        public void onPeerDown(final NodeId peer) {
            peers.remove(peer);
            unaware.remove(peer);
            leaders.removeNode(peer);
            peerClocks.remove(peer);
            routes.onPeerDown(peer);
            if (consensus != null) {
                consensus.onPeerDown(peer);
            }
            if (bootstrap != null) {
                bootstrap.onPeerDown(peer);
            }
        }
    }
}

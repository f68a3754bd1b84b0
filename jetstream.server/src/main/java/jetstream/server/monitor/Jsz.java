package jetstream.server.monitor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import jetstream.api.NodeId;
import jetstream.api.config.Storage;
import jetstream.api.consensus.GroupReport;
import jetstream.engine.json.ConsumerConfigJson;
import jetstream.engine.json.JsonText;
import jetstream.engine.json.StreamConfigJson;
import jetstream.engine.meta.MetaNode;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.Shard;
import jetstream.engine.shard.StreamReplica;
import jetstream.engine.stream.StreamState;
import jetstream.server.admin.ApiReplies;

/** JetStream of this server (spec/monitoring.md section 2, jsz). Node thread. */
final class Jsz {
    private final MonitorSources sources;

    Jsz(final MonitorSources sources) {
        this.sources = sources;
    }

    private Shard shard() {
        return sources.node().shard();
    }

    private boolean isRunning() {
        return sources.config().jetStream().enabled() && shard() != null && !sources.node().isFailed();
    }

    /** Whether this server answers: a question for the meta leader alone is refused by the others. */
    boolean isWanted(final Query query) {
        final boolean leaderOnly = query.flag("leader-only") || query.flag("leader_only");
        return !leaderOnly || isRunning() && shard().meta().isLeader();
    }

    boolean hasAccount(final String account) {
        return accounts().contains(account);
    }

    /** What the account's own service tells. */
    void account(final JsonText t, final Query query) {
        t.put("name", query.text("acc")).put("id", query.text("acc"));
        usage(t, sums(query.text("acc")));
    }

    void write(final JsonText t, final Query query) {
        if (!isWanted(query)) {
            throw new Query.BadQuery("filtered response: not leader");
        }
        final Sums sums = sums("");
        usage(t, sums);
        if (!isRunning()) {
            t.put("server_id", sources.serverId()).put("now", JsonText.time(Varz.now())).put("disabled", true);
            t.object("config", c -> {}).object("limits", c -> {});
            totals(t, sums);
            return;
        }
        t.put("server_id", sources.serverId()).put("now", JsonText.time(Varz.now()));
        t.object("config", this::config);
        t.object("limits", c -> {});
        totals(t, sums);
        if (sources.config().cluster().enabled()) {
            t.object("meta_cluster", this::meta);
        }
        troubles(t);
        details(t, query);
    }

    /** What all streams here, or those of an account, sum up to; one pass over ten thousand takes a millisecond. */
    private static final class Sums {
        private int streams;
        private int consumers;
        private int streamLeaders;
        private int consumerLeaders;
        private int replicated;
        private long messages;
        private long bytes;
        private long memory;
        private long reservedMemory;
        private long reservedStorage;

        void add(final StreamReplica stream) {
            final boolean inMemory = stream.assignment().config().storage() == Storage.MEMORY;
            final StreamState state = stream.engine().state();
            final long reserved = Math.max(0, stream.assignment().config().maxBytes());
            streams++;
            streamLeaders += stream.isLeader() ? 1 : 0;
            replicated += stream.assignment().peers().size() > 1 ? 1 : 0;
            messages += state.messages();
            bytes += state.bytes();
            memory += inMemory ? state.bytes() : 0;
            reservedMemory += inMemory ? reserved : 0;
            reservedStorage += inMemory ? 0 : reserved;
            for (final ConsumerReplica consumer : stream.consumers()) {
                consumers++;
                consumerLeaders += consumer.isLeader() ? 1 : 0;
                replicated += consumer.assignment().peers().size() > 1 ? 1 : 0;
            }
        }
    }

    /** Of one account, or of all if it is empty. */
    private Sums sums(final String account) {
        final Sums sums = new Sums();
        if (isRunning()) {
            (account.isEmpty() ? shard().streams() : shard().streams(account)).forEach(sums::add);
        }
        return sums;
    }

    /** The figures that account details and the page itself have in common. */
    private void usage(final JsonText t, final Sums sums) {
        t.put("memory", sums.memory).put("storage", sums.bytes - sums.memory)
                .put("reserved_memory", sums.reservedMemory).put("reserved_storage", sums.reservedStorage)
                .put("accounts", accounts().size()).put("ha_assets", sums.replicated);
        t.object("api", this::api);
    }

    private void troubles(final JsonText t) {
        if (sources.troubles() != null) {
            sources.troubles().write(t);
        }
    }

    private TreeSet<String> accounts() {
        final TreeSet<String> names = new TreeSet<>();
        if (isRunning()) {
            sources.router().accounts().forEach(account -> {
                if (sources.accountLimits(account.name()).enabled()) {
                    names.add(account.name());
                }
            });
        }
        return names;
    }

    void api(final JsonText t) {
        t.put("level", 5);
        if (sources.api() != null) {
            final ApiReplies.Counts counts = sources.api().replies().totals();
            t.put("total", counts.total()).put("errors", counts.errors());
        } else {
            t.put("total", 0).put("errors", 0);
        }
    }

    void config(final JsonText t) {
        final var storage = sources.config().jetStream().storage();
        t.put("max_memory", storage.maxMemoryBytes()).put("max_storage", storage.maxFileBytes());
        t.put("store_dir", storage.storeDir().resolve("jetstream").toString());
        t.put("sync_interval", storage.syncIntervalNs()).opt("sync_always", storage.syncAlways());
        t.opt("domain", sources.config().jetStream().domain()).opt("strict", sources.config().jetStream().strict());
    }

    /** What varz says of JetStream. */
    void varz(final JsonText t) {
        if (!isRunning()) {
            return;
        }
        t.object("config", this::config);
        t.object("stats", s -> usage(s, sums("")));
        troubles(t);
        if (sources.config().cluster().enabled()) {
            t.object("meta", this::meta);
        }
        t.object("limits", l -> {});
    }

    private static void totals(final JsonText t, final Sums sums) {
        t.put("streams", sums.streams).opt("streams_leader", sums.streamLeaders).put("consumers", sums.consumers)
                .opt("consumers_leader", sums.consumerLeaders).put("messages", sums.messages).put("bytes", sums.bytes);
    }

    void meta(final JsonText t) {
        t.put("name", sources.clusterName());
        if (shard().meta().group() == null) {
            t.put("cluster_size", 0);
            return;
        }
        final NodeId leader = shard().meta().isLeader() ? sources.node().self() : shard().meta().leader();
        if (leader != null) {
            t.put("leader", name(leader)).put("peer", leader.peerId());
        }
        final GroupReport report = shard().meta().group().report();
        if (shard().meta().isLeader()) {
            final List<GroupReport.Member> others = new ArrayList<>(report.members());
            others.removeIf(member -> member.node().equals(leader));
            others.sort(Comparator.comparing(member -> name(member.node())));
            t.objects("replicas", others, (o, member) -> o.put("name", name(member.node()))
                    .put("current", member.isCurrent()).opt("offline", !sources.node().isOnline(member.node()))
                    .put("active", member.heardNs() == 0 ? 0 : Math.max(0, System.nanoTime() - member.heardNs()))
                    .opt("lag", Math.max(0, report.commitIndex() - member.matchIndex()))
                    .put("peer", member.node().peerId()));
        }
        t.put("cluster_size", report.members().size()).put("quorum_needed", report.quorum())
                .opt("rescue", report.isRescued());
        t.put("pending", 0).put("pending_requests", 0).put("pending_infos", 0);
        t.object("snapshot",
                s -> s.put("pending_entries", report.lastIndex() - report.appliedIndex()).put("pending_size", 0));
    }

    private String name(final NodeId node) {
        if (node.equals(sources.node().self())) {
            return sources.serverName();
        }
        final MetaNode known = shard().meta().state().node(node);
        return known == null ? node.peerId() : known.name();
    }

    private void details(final JsonText t, final Query query) {
        final boolean consumers = query.flag("consumers") || query.flag("consumer");
        final boolean withStreams = query.flag("streams") || consumers || query.flag("config");
        final String only = query.has("acc") ? query.text("acc") : query.text("account");
        if (!query.flag("accounts") && only.isEmpty() && !withStreams) {
            t.put("total", accounts().size());
            return;
        }
        final boolean leadersOnly = query.flag("stream-leader-only") || query.flag("stream_leader_only");
        final List<String> names = accounts().stream().filter(name -> only.isEmpty() || name.equals(only)).toList();
        final int offset = Math.clamp(query.number("offset", 0), 0, names.size());
        final List<String> page = names.subList(offset, Math.min(names.size(), offset + query.number("limit", 1024)));
        if (page.isEmpty()) {
            t.put("total", accounts().size());
            return;
        }
        t.objects("account_details", page, (o, account) -> {
            o.put("name", account).put("id", account);
            usage(o, sums(account));
            if (withStreams) {
                final List<StreamReplica> mine = shard().streams(account).stream()
                        .filter(s -> !leadersOnly || s.isLeader())
                        .sorted(Comparator.comparing(s -> s.assignment().name())).toList();
                o.objects("stream_detail", mine, (d, stream) -> stream(d, stream, consumers, query.flag("config")));
            }
        });
        t.put("total", accounts().size());
    }

    private void stream(final JsonText t, final StreamReplica stream, final boolean consumers, final boolean config) {
        t.put("name", stream.assignment().name()).put("created", JsonText.time(stream.assignment().createdEpochNs()));
        t.object("cluster", c -> sources.api().info().cluster(c, stream));
        if (config) {
            t.object("config", c -> StreamConfigJson.write(c, stream.assignment().config()));
        }
        t.object("state", s -> sources.api().info().state(s, stream));
        if (consumers) {
            final List<ConsumerReplica> all = stream.consumers().stream()
                    .sorted(Comparator.comparing(c -> c.assignment().name())).toList();
            t.objects("consumer_detail", all, (o, consumer) -> {
                sources.api().info().consumer(o, consumer);
                if (config) {
                    o.object("assigned", c -> ConsumerConfigJson.write(c, consumer.assignment().config()));
                }
            });
        }
        t.opt("stream_raft_group", stream.assignment().peers().size() > 1 ? stream.assignment().groupName() : "");
        final List<ConsumerReplica> replicated = stream.consumers().stream()
                .filter(c -> c.assignment().peers().size() > 1)
                .sorted(Comparator.comparing(c -> c.assignment().name())).toList();
        if (consumers && !replicated.isEmpty()) {
            t.objects("consumer_raft_groups", replicated, (o, consumer) -> o.put("name", consumer.assignment().name())
                    .put("raft_group", consumer.assignment().groupName()));
        }
    }
}

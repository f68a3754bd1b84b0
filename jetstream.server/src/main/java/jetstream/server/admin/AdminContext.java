package jetstream.server.admin;

import java.util.function.Function;
import java.util.function.Predicate;
import jetstream.api.GroupId;
import jetstream.api.NodeId;
import jetstream.engine.meta.AssetLimits;
import jetstream.engine.shard.Shard;
import jetstream.engine.stream.StreamIngest;
import jetstream.server.conf.ServerConfig;
import jetstream.server.route.SubjectRouter;

/**
 * What the API works on. Owner: the node thread.
 *
 * @param config settings of this server
 * @param serverName its name
 * @param serverId its public key
 * @param node its identity
 * @param shard groups on this node
 * @param router where answers leave
 * @param limits bounds of assets
 * @param isOnline whether a node can be reached
 * @param leaderOf the leader of a group as far as it is known; null if not
 */
public record AdminContext(ServerConfig config, String serverName, String serverId, NodeId node, Shard shard,
        SubjectRouter router, AssetLimits limits, Predicate<NodeId> isOnline, Function<GroupId, NodeId> leaderOf) {
    /** API level of this server. */
    public static final int API_LEVEL = StreamIngest.API_LEVEL;
    /** Version that clients compare. */
    public static final String VERSION = "2.15.2";

    /** Whether this server is part of a cluster. */
    boolean clustered() {
        return limits.clustered();
    }

    /** Cluster name; empty if not clustered. */
    String clusterName() {
        return config.cluster().name();
    }

    /** JetStream domain; empty if none. */
    String domain() {
        return config.jetStream().domain();
    }

    /** Name of the system account. */
    String systemAccount() {
        return config.systemAccount();
    }

    /** Name of a server by its identity. */
    String nameOf(final NodeId id) {
        if (id.equals(node)) {
            return serverName;
        }
        final var known = shard.meta().state().node(id);
        return known == null ? "Server name unknown at this time (peerID: " + id.peerId() + ")" : known.name();
    }
}

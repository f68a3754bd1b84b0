package jetstream.server.monitor;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import jetstream.server.admin.ApiRouter;
import jetstream.server.admin.ReplicaTroubles;
import jetstream.server.cluster.ClusterNode;
import jetstream.server.conf.AccountJetStreamConfig;
import jetstream.server.conf.ServerConfig;
import jetstream.server.net.ClientTable;
import jetstream.server.route.RouteLink;
import jetstream.server.route.SubjectRouter;

/** What monitoring reads. Everything is read on the node thread. */
public interface MonitorSources {
    /** Settings. */
    ServerConfig config();

    /** Public key of this process. */
    String serverId();

    /** Server name. */
    String serverName();

    /** Cluster name; empty if not clustered. */
    String clusterName();

    /** Runtime text. */
    String runtime();

    /** When this process started. */
    Instant start();

    /** Port of the client listener. */
    int clientPort();

    /** Port of the cluster endpoint; 0 if not clustered. */
    int clusterPort();

    /** URLs that clients are told. */
    List<String> connectUrls();

    /** Connections. */
    ClientTable clients();

    /** Accounts and interest. */
    SubjectRouter router();

    /** Links to other servers. */
    Collection<RouteLink> routes();

    /** Cluster and JetStream. */
    ClusterNode node();

    /** The API; null without JetStream. */
    ApiRouter api();

    /** How often the data of replicas was in trouble; null without JetStream. */
    ReplicaTroubles troubles();

    /** JetStream limits of an account. */
    AccountJetStreamConfig accountLimits(String account);
}

package jetstream.server;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import jetstream.server.admin.ApiRouter;
import jetstream.server.admin.ReplicaTroubles;
import jetstream.server.cluster.ClusterNode;
import jetstream.server.conf.AccountJetStreamConfig;
import jetstream.server.conf.ServerConfig;
import jetstream.server.monitor.MonitorSources;
import jetstream.server.net.ClientTable;
import jetstream.server.route.RouteLink;
import jetstream.server.route.SubjectRouter;

/** Shows monitoring the parts of a server. Node thread. */
final class ServerMonitor implements MonitorSources {
    private final ServerContext context;
    private final NodeAssembly assembly;

    ServerMonitor(final ServerContext context, final NodeAssembly assembly) {
        this.context = context;
        this.assembly = assembly;
    }

    @Override
    public ServerConfig config() {
        return context.config();
    }

    @Override
    public String serverId() {
        return context.info().id();
    }

    @Override
    public String serverName() {
        return context.info().name();
    }

    @Override
    public String clusterName() {
        return context.info().clusterName();
    }

    @Override
    public String runtime() {
        return context.info().runtime();
    }

    @Override
    public Instant start() {
        return context.info().start();
    }

    @Override
    public int clientPort() {
        return context.info().port();
    }

    @Override
    public int clusterPort() {
        return assembly.clusterAddress() == null ? 0 : assembly.clusterAddress().getPort();
    }

    @Override
    public List<String> connectUrls() {
        return context.info().connectUrls();
    }

    @Override
    public ClientTable clients() {
        return context.clients();
    }

    @Override
    public SubjectRouter router() {
        return context.router();
    }

    @Override
    public Collection<RouteLink> routes() {
        return assembly.routes().links();
    }

    @Override
    public ClusterNode node() {
        return assembly.node();
    }

    @Override
    public ApiRouter api() {
        return assembly.api();
    }

    @Override
    public ReplicaTroubles troubles() {
        return assembly.troubles();
    }

    @Override
    public AccountJetStreamConfig accountLimits(final String account) {
        return assembly.accounts().limits(account);
    }
}

package jetstream.server;

import jetstream.server.auth.Authenticator;
import jetstream.server.conf.ServerConfig;
import jetstream.server.launch.ServerInfo;
import jetstream.server.net.ClientListener;
import jetstream.server.net.ClientTable;
import jetstream.server.net.NodeLoop;
import jetstream.server.route.SubjectRouter;

/**
 * The parts of one running server, for those who add to it: JetStream, the cluster, monitoring. All parts but {@code
 * config} and {@code info} belong to the node thread; other threads reach them by {@link NodeLoop#execute} and {@link
 * NodeLoop#ask}.
 *
 * @param config        settings
 * @param info          identity
 * @param loop          node thread
 * @param router        accounts, interest and messages
 * @param authenticator users
 * @param clients       connections
 * @param listener      the client port
 */
public record ServerContext(ServerConfig config, ServerInfo info, NodeLoop loop, SubjectRouter router,
        Authenticator authenticator, ClientTable clients, ClientListener listener) {
}

package jetstream.server;

import jetstream.server.conf.ServerConfig;
import jetstream.server.net.EarlyPort;

/** Starts the one server of this process. */
final class ProcessLauncher implements ServerLauncher {
    private final EarlyPort port = new EarlyPort();

    @Override
    public void prepare(final ServerConfig config) {
        port.open(config);
    }

    @Override
    public RunningServer launch(final ServerConfig config) {
        try {
            return JetStreamServer.launch(config, port);
        } finally {
            port.close();
        }
    }
}

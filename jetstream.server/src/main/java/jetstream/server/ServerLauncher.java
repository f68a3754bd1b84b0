package jetstream.server;

import jetstream.server.conf.ServerConfig;

/** Starts a server in this process. */
@FunctionalInterface
interface ServerLauncher {

    /** Called before {@link #launch}, as soon as the settings are known. */
    default void prepare(final ServerConfig config) {
    }

    /**
     * Starts a server; it serves clients when this returns.
     *
     * @throws RuntimeException if it can not start; its message is the last line of the log, nothing is left open
     */
    RunningServer launch(ServerConfig config);
}

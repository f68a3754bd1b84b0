package jetstream.server;

/** What the server process needs of a server that it has launched. Methods may be called by any thread. */
public interface RunningServer extends AutoCloseable {

    /** The port clients connect to. */
    int clientPort();

    /** The port of the monitoring pages; 0 if there are none. */
    int monitorPort();

    /** The port that other servers connect to; 0 if the server is not clustered. */
    int clusterPort();

    /** The port for WebSocket clients; 0 if there is none. */
    int webSocketPort();

    /** Blocks until the server has stopped. */
    void awaitShutdown() throws InterruptedException;

    /**
     * Leaves gently: accepts nobody any more, tells the clients, and closes them one by one before the server stops.
     * Returns at once; {@link #awaitShutdown()} tells the end.
     */
    void leave();

    /** Stops the server in good order. Idempotent; returns when all is closed. */
    @Override
    void close();
}

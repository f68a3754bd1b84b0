package jetstream.server.launch;

/**
 * Every line that launchers, test harnesses and operators' scripts look for in the log, word for word as the reference
 * writes it. A change here breaks programs we do not know: each constant has its test.
 *
 * <p>Lines with gaps are {@link java.util.Formatter} patterns.
 */
public final class LaunchLines {

    /** The version that clients and launchers see; features are enabled by it. */
    public static final String VERSION = "2.15.2";

    /** First line. */
    public static final String STARTING = "Starting nats-server";
    /** Gap: version. */
    public static final String VERSION_LINE = "  Version:  %s";
    /** Gap: commit. */
    public static final String GIT_LINE = "  Git:      [%s]";
    /** Gap: cluster name; only if it is known. */
    public static final String CLUSTER_LINE = "  Cluster:  %s";
    /** Gap: server name. */
    public static final String NAME_LINE = "  Name:     %s";
    /** Gap: node id; with JetStream only. */
    public static final String NODE_LINE = "  Node:     %s";
    /** Gap: server id. */
    public static final String ID_LINE = "  ID:       %s";
    /** WRN, if some password or token is not a bcrypt hash. */
    public static final String PLAINTEXT_PASSWORDS = "Plaintext passwords detected, use nkeys or bcrypt";
    /** Gaps: file, digest. */
    public static final String USING_FILE = "Using configuration file: %s (%s)";
    /** Gap: host:port with the real port. */
    public static final String MONITOR = "Starting http monitor on %s";
    /** WebSocket listener: scheme, then address. */
    public static final String WEBSOCKET = "Listening for websocket clients on %s://%s";
    /** WebSocket in clear. */
    public static final String WEBSOCKET_WITHOUT_TLS =
            "Websocket not configured with TLS. DO NOT USE IN PRODUCTION!";
    /** Before JetStream starts. */
    public static final String JETSTREAM_STARTING = "Starting JetStream";
    /** Before the cluster part of JetStream starts. */
    public static final String JETSTREAM_CLUSTER_STARTING = "Starting JetStream cluster";
    /** Gap: host:port with the real port. */
    public static final String CLIENTS = "Listening for client connections on %s";
    /** Clients are welcome. */
    public static final String READY = "Server is ready";
    /** Gap: cluster name. */
    public static final String CLUSTER_NAME = "Cluster name is %s";
    /** WRN, if no cluster name was configured. */
    public static final String CLUSTER_NAME_GENERATED =
            "Cluster name was dynamically generated, consider setting one";
    /** Gap: host:port with the real port. */
    public static final String ROUTES = "Listening for route connections on %s";
    /** A link to another server is up. */
    public static final String ROUTE_CREATED = "Route connection created";
    /** Gap: interrupt, terminated, hangup, user defined signal 1 or 2. */
    public static final String TRAPPED = "Trapped \"%s\" signal";
    /** Lame duck mode begins. */
    public static final String LAME_DUCK = "Entering lame duck mode, stop accepting new clients";
    /** Lame duck mode sends clients away. */
    public static final String CLOSING_CLIENTS = "Closing existing clients";
    /** Shutdown begins. */
    public static final String SHUTDOWN = "Initiating Shutdown...";
    /** Shutdown is complete. */
    public static final String EXITING = "Server Exiting..";
    /** Gap: digest. */
    public static final String RELOADED = "Reloaded server configuration (%s)";
    /** ERR; gap: reason. */
    public static final String RELOAD_FAILED = "Failed to reload server configuration: %s";
    /** The reason if there is no file. */
    public static final String RELOAD_WITHOUT_FILE =
            "can only reload config when a file is provided using -c or --config";
    /** The log file was opened again. */
    public static final String LOG_REOPENED = "File log re-opened";
    /** There is no log file to open again. */
    public static final String LOG_REOPEN_IGNORED = "File log re-open ignored, not a file logger";
    /** FTL; gaps: host:port, reason. */
    public static final String PORT_FAILED = "Error listening on port: %s, \"%s\"";
    /** ERR; gap: pending limit in bytes. */
    public static final String SLOW_PENDING = "Slow Consumer Detected: MaxPending of %d Exceeded";
    /** ERR; gaps: deadline, chunks, bytes. */
    public static final String SLOW_WRITE =
            "Slow Consumer Detected: WriteDeadline of %s exceeded with %d chunks of %d total bytes.";

    private LaunchLines() {
    }
}

package jetstream.server.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Written out a second time on purpose: whoever changes a line must change it here, too, and think of its readers. */
final class LaunchLinesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STARTING | Starting nats-server
            VERSION | 2.15.2
            USING_FILE | Using configuration file: %s (%s)
            MONITOR | Starting http monitor on %s
            JETSTREAM_STARTING | Starting JetStream
            JETSTREAM_CLUSTER_STARTING| Starting JetStream cluster
            CLIENTS | Listening for client connections on %s
            READY | Server is ready
            CLUSTER_NAME | Cluster name is %s
            CLUSTER_NAME_GENERATED | Cluster name was dynamically generated, consider setting one
            ROUTES | Listening for route connections on %s
            ROUTE_CREATED | Route connection created
            TRAPPED | Trapped "%s" signal
            LAME_DUCK | Entering lame duck mode, stop accepting new clients
            CLOSING_CLIENTS | Closing existing clients
            SHUTDOWN | Initiating Shutdown...
            EXITING | Server Exiting..
            RELOADED | Reloaded server configuration (%s)
            RELOAD_FAILED | Failed to reload server configuration: %s
            RELOAD_WITHOUT_FILE | can only reload config when a file is provided using -c or --config
            LOG_REOPENED | File log re-opened
            LOG_REOPEN_IGNORED | File log re-open ignored, not a file logger
            PORT_FAILED | Error listening on port: %s, "%s"
            SLOW_PENDING | Slow Consumer Detected: MaxPending of %d Exceeded
            SLOW_WRITE | Slow Consumer Detected: WriteDeadline of %s exceeded with %d chunks of %d total bytes.
            PLAINTEXT_PASSWORDS | Plaintext passwords detected, use nkeys or bcrypt
            """)
    void lineReadsAsLaunchersExpect(final String constant, final String line) throws ReflectiveOperationException {
        assertEquals(line, LaunchLines.class.getField(constant).get(null));
    }
}

package jetstream.server.net;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jetstream.server.auth.Authenticator;
import jetstream.server.conf.ServerConfig;
import jetstream.server.route.Msg;
import jetstream.server.route.SubjectRouter;

/** What all client connections share. Owner: node thread. */
final class ClientServices {
    private static final int HANDSHAKE_THREADS = 2;

    private final ServerConfig config;
    private final NodeLoop loop;
    private final SubjectRouter router;
    private final Authenticator authenticator;
    private final ClientTable table;
    private ExecutorService handshakes;
    private final ArrayPool arrays = new ArrayPool();
    private final byte[] sharedInput = new byte[ConnectionInput.READ_LENGTH];
    private final Msg incoming = new Msg();

    ClientServices(final ServerConfig config, final NodeLoop loop, final SubjectRouter router,
            final Authenticator authenticator, final ClientTable table) {
        this.config = config;
        this.loop = loop;
        this.router = router;
        this.authenticator = authenticator;
        this.table = table;
    }

    ServerConfig config() {
        return config;
    }

    NodeLoop loop() {
        return loop;
    }

    SubjectRouter router() {
        return router;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    ClientTable table() {
        return table;
    }

    ArrayPool arrays() {
        return arrays;
    }

    /** Threads for the expensive steps of TLS handshakes; made when they are first needed. */
    ExecutorService handshakes() {
        if (handshakes == null) {
            handshakes = Executors.newFixedThreadPool(HANDSHAKE_THREADS, task -> {
                final Thread thread = new Thread(task, "tls-handshakes");
                thread.setDaemon(true);
                return thread;
            });
        }
        return handshakes;
    }

    /** Ends the threads. */
    void close() {
        if (handshakes != null) {
            handshakes.shutdown();
        }
    }

    /** Where input is parsed; in use only while a connection handles a read. */
    byte[] sharedInput() {
        return sharedInput;
    }

    /** The message that is being published by a client; in use only while it is routed. */
    Msg incoming() {
        return incoming;
    }
}

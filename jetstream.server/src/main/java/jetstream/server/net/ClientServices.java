package jetstream.server.net;

import jetstream.server.auth.Authenticator;
import jetstream.server.conf.ServerConfig;
import jetstream.server.route.Msg;
import jetstream.server.route.SubjectRouter;

/** What all client connections share. Owner: node thread. */
final class ClientServices {
    private final ServerConfig config;
    private final NodeLoop loop;
    private final SubjectRouter router;
    private final Authenticator authenticator;
    private final InfoLine infoLine;
    private final ClientTable table;
    private final ArrayPool arrays = new ArrayPool();
    private final byte[] sharedInput = new byte[ConnectionInput.READ_LENGTH];
    private final Msg incoming = new Msg();

    ClientServices(final ServerConfig config, final NodeLoop loop, final SubjectRouter router,
            final Authenticator authenticator, final InfoLine infoLine, final ClientTable table) {
        this.config = config;
        this.loop = loop;
        this.router = router;
        this.authenticator = authenticator;
        this.infoLine = infoLine;
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

    InfoLine infoLine() {
        return infoLine;
    }

    ClientTable table() {
        return table;
    }

    ArrayPool arrays() {
        return arrays;
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

package jetstream.server.faults;

import java.io.IOException;
import jetstream.server.acceptance.Cluster;
import jetstream.server.acceptance.ServerNode;

/** Where a cluster stands: what its faults need beside processes. */
interface Ground {
    Cluster cluster();

    /** The switch between the servers, where there is one. */
    default TapSwitch network() {
        throw new IllegalStateException("this ground has no network of its own");
    }

    /** The disk below a server's store, where it has one of its own. */
    default DiskImage disk(final ServerNode node) {
        throw new IllegalStateException("this ground has no disks of its own, asked for " + node.name());
    }

    /** Takes away what it made; the servers are down by then. */
    void close() throws IOException, InterruptedException;

    /** The machine can not make this ground; the message says what is missing. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        Unavailable(final String reason) {
            super(reason);
        }
    }
}

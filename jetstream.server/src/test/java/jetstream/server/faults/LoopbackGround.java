package jetstream.server.faults;

import java.nio.file.Path;
import jetstream.server.acceptance.Cluster;

/** Three processes on loopback, their stores side by side in a directory. */
record LoopbackGround(Cluster cluster) implements Ground {
    LoopbackGround(final Path directory) {
        this(Cluster.plain(directory, 3));
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}

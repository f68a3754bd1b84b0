package jetstream.server.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jetstream.server.acceptance.Cluster;
import jetstream.server.acceptance.ServerNode;

/** Three processes on loopback, each with a wall clock that a file sets. */
record ClockGround(Cluster cluster) implements Ground {
    static ClockGround make(final Path directory) throws Unavailable, IOException {
        final Path library = ClockFaults.library()
                .orElseThrow(() -> new Unavailable("no libfaketime (Debian package libfaketime)"));
        final List<ServerNode> nodes = new ArrayList<>();
        for (final ServerNode node : Cluster.plain(directory, 3).nodes()) {
            final Path clock = file(directory, node.name());
            Files.writeString(clock, "+0\n");
            nodes.add(node.started(command -> ClockFaults.wrapped(library, clock, command)));
        }
        return new ClockGround(new Cluster(nodes));
    }

    static Path file(final Path directory, final String name) {
        return directory.resolve(name + ".clock");
    }

    @Override
    public void close() {
        // Nothing was made but files.
    }
}

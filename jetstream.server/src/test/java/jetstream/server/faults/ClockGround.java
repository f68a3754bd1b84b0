package jetstream.server.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jetstream.server.acceptance.Cluster;
import jetstream.server.acceptance.ServerNode;

/** Three processes of ours on loopback, each with a wall clock that is wrong by what a file says. */
record ClockGround(Cluster cluster) implements Ground {
    static ClockGround make(final Path directory) throws Unavailable, IOException {
        if (ServerNode.isForeign()) {
            throw new Unavailable("only servers of ours can be told a wrong time");
        }
        final List<ServerNode> nodes = new ArrayList<>();
        for (final ServerNode node : Cluster.plain(directory, 3).nodes()) {
            final Path clock = Files.writeString(file(directory, node.name()), ClockFaults.NO_OFFSET);
            nodes.add(node.started(command -> withClock(clock, command)));
        }
        return new ClockGround(new Cluster(nodes));
    }

    private static List<String> withClock(final Path clock, final List<String> command) {
        final List<String> all =
                new ArrayList<>(List.of("env", "JAVA_TOOL_OPTIONS=-Djetstream.clock.offset.file=" + clock));
        all.addAll(command);
        return all;
    }

    static Path file(final Path directory, final String name) {
        return directory.resolve(name + ".clock");
    }

    @Override
    public void close() {
        // Nothing was made but files.
    }
}

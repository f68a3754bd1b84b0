package jetstream.server.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jetstream.server.acceptance.ServerNode;

/**
 * A wall clock that jumps. The kernel's clock belongs to the whole machine, so one server is told another time by
 * libfaketime (Debian's package of that name), which stands between the process and the C library; programs that
 * ask the kernel directly, as Go's do, do not notice.
 */
final class ClockFaults {
    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final Duration LOAD = Duration.ofSeconds(4);

    private ClockFaults() {
    }

    static List<Fault> all() {
        return List.of(
                new Fault("clock-forward", Fault.Site.FALSE_CLOCK, scene -> jump(scene, "+3600")),
                new Fault("clock-back", Fault.Site.FALSE_CLOCK, scene -> jump(scene, "-3600")));
    }

    private static void jump(final Scene scene, final String seconds) throws Exception {
        final ServerNode leader = scene.leader();
        final Path file = ClockGround.file(scene.store(leader).getParent(), leader.name());
        Files.writeString(file, seconds + "\n");
        scene.load(LOAD);
        Files.writeString(file, "+0\n");
        scene.healed();
    }

    static Optional<Path> library() throws IOException {
        if (!Files.isDirectory(LIBRARIES)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.find(LIBRARIES, 3,
                (path, attributes) -> path.endsWith(Path.of("faketime", "libfaketimeMT.so.1")))) {
            return found.findFirst();
        }
    }

    static List<String> wrapped(final Path library, final Path clock, final List<String> command) {
        final List<String> all = new ArrayList<>(List.of("env", "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + clock, "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_DONT_RESET=1"));
        all.addAll(command);
        return all;
    }
}

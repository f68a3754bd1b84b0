package jetstream.server.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jetstream.server.acceptance.ServerNode;

/**
 * A wall clock that jumps. The kernel's clock belongs to the whole machine, so our servers read what theirs shall be
 * wrong by from a file each; other programs can not be told.
 */
final class ClockFaults {
    static final String NO_OFFSET = "0\n";
    private static final Duration LOAD = Duration.ofSeconds(4);

    private ClockFaults() {
    }

    static List<Fault> all() {
        return List.of(
                new Fault("clock-forward", Fault.Site.FALSE_CLOCK, scene -> jump(scene, Duration.ofHours(1))),
                new Fault("clock-back", Fault.Site.FALSE_CLOCK, scene -> jump(scene, Duration.ofHours(-1))));
    }

    private static void jump(final Scene scene, final Duration by) throws Exception {
        final ServerNode leader = scene.leader();
        final Path file = ClockGround.file(scene.store(leader).getParent(), leader.name());
        Files.writeString(file, by.toMillis() + "\n");
        scene.load(LOAD);
        Files.writeString(file, NO_OFFSET);
        scene.healed();
    }
}

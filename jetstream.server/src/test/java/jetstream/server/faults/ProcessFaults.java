package jetstream.server.faults;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jetstream.server.acceptance.Await;
import jetstream.server.acceptance.Clients;
import jetstream.server.acceptance.ServerNode;

/** Faults of processes: killed, paused, stopped, starved. */
@SuppressWarnings("try")
final class ProcessFaults {
    private static final Duration DOWN = Duration.ofSeconds(3);
    private static final int PAUSE_MIN_MS = 3_000;
    private static final int PAUSE_MAX_MS = 11_000;
    private static final int START_UPS = 5;
    private static final int START_UP_MIN_MS = 50;
    private static final int START_UP_MAX_MS = 1_500;
    private static final int CONNECTIONS = 60;
    private static final int SPARE_DESCRIPTORS = 8;

    private ProcessFaults() {
    }

    static List<Fault> all() {
        return List.of(
                new Fault("kill-follower", Fault.Site.LOOPBACK, scene -> kill(scene, List.of(scene.follower()))),
                new Fault("kill-leader", Fault.Site.LOOPBACK, scene -> kill(scene, List.of(scene.leader()))),
                new Fault("kill-majority", Fault.Site.LOOPBACK, scene -> kill(scene, scene.majority())),
                new Fault("kill-all", Fault.Site.LOOPBACK, scene -> kill(scene, scene.cluster().nodes())),
                new Fault("pause-leader", Fault.Site.LOOPBACK, scene -> pause(scene, List.of(scene.leader()))),
                new Fault("pause-majority", Fault.Site.LOOPBACK, scene -> pause(scene, scene.majority())),
                new Fault("rolling-restart", Fault.Site.LOOPBACK, ProcessFaults::rollingRestart),
                new Fault("kill-start-up", Fault.Site.LOOPBACK, ProcessFaults::killStartUp),
                new Fault("descriptors", Fault.Site.LOOPBACK, ProcessFaults::exhaustDescriptors));
    }

    private static void kill(final Scene scene, final List<ServerNode> victims) {
        victims.forEach(ServerNode::kill);
        scene.load(DOWN);
        victims.forEach(ServerNode::start);
        scene.healed();
    }

    private static void pause(final Scene scene, final List<ServerNode> victims) {
        final int ms = scene.random().nextInt(PAUSE_MIN_MS, PAUSE_MAX_MS);
        victims.forEach(ServerNode::pause);
        scene.load(Duration.ofMillis(ms));
        victims.forEach(ServerNode::resume);
        scene.healed();
        scene.note("paused for " + ms + " ms");
    }

    private static void rollingRestart(final Scene scene) {
        for (final ServerNode node : scene.cluster().nodes()) {
            node.stop();
            node.start();
            node.awaitReady();
            Await.until("the replicas of " + node.name() + " follow", () -> follows(scene, node));
        }
        scene.healed();
    }

    /** What an operator waits for before the next server: this one holds what another held a moment before. */
    private static boolean follows(final Scene scene, final ServerNode node) {
        return scene.loads().stream().allMatch(load -> {
            final long wanted = scene.cluster().allBut(node).stream()
                    .flatMap(other -> other.monitor().stream(load.name()).stream())
                    .mapToLong(state -> state.lastSeq()).max().orElse(Long.MAX_VALUE);
            return Await.holds(Duration.ofSeconds(1), () -> node.monitor().stream(load.name())
                    .filter(state -> state.lastSeq() >= wanted).isPresent());
        });
    }

    private static void killStartUp(final Scene scene) throws InterruptedException {
        final ServerNode victim = scene.leader();
        victim.kill();
        for (int i = 0; i < START_UPS; i++) {
            victim.start();
            scene.load(Duration.ofMillis(scene.random().nextInt(START_UP_MIN_MS, START_UP_MAX_MS)));
            victim.kill();
        }
        victim.start();
        scene.healed();
    }

    private static void exhaustDescriptors(final Scene scene) throws IOException, InterruptedException {
        final ServerNode victim = scene.leader();
        final String pid = Long.toString(victim.pid());
        final int open = Shell.must("ls", "/proc/" + pid + "/fd").split("\n").length;
        final String before =
                Shell.must("prlimit", "--pid", pid, "--nofile", "--raw", "--noheadings", "-o", "SOFT").strip();
        Shell.must("prlimit", "--pid", pid, "--nofile=" + (open + SPARE_DESCRIPTORS) + ":");
        final List<Connection> opened = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            try {
                opened.add(Nats.connect(Clients.options(victim.clientUrl()).maxReconnects(0)
                        .connectionTimeout(Duration.ofMillis(50)).build()));
            } catch (final IOException e) {
                // Just what is wanted.
            }
        }
        scene.load(DOWN);
        for (final Connection connection : opened) {
            connection.close();
        }
        Shell.must("prlimit", "--pid", pid, "--nofile=" + before + ":");
        scene.healed();
        try (Connection after = Clients.connect(victim.clientUrl())) {
            scene.note(opened.size() + " of " + CONNECTIONS + " connections taken, then again "
                    + after.getStatus().name().toLowerCase(java.util.Locale.ROOT));
        }
    }
}

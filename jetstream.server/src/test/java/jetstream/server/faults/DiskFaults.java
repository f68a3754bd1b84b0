package jetstream.server.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jetstream.server.acceptance.Await;
import jetstream.server.acceptance.ServerNode;

/** Faults of disks and of what people do to store directories. The damaged server is the leader of the first stream. */
final class DiskFaults {
    private static final Duration LOAD = Duration.ofSeconds(3);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration REFUSAL = Duration.ofSeconds(30);
    private static final int BITS = 20;
    private static final int SECTORS = 4;
    private static final double CUT_SHARE = 0.3;
    private static final long LEFT_BYTES = 1 << 20;

    private DiskFaults() {
    }

    /** Breaks the store of a stopped server. */
    @FunctionalInterface
    private interface Breaker {
        String apply(Damage damage) throws Exception;
    }

    static List<Fault> all() {
        return List.of(
                new Fault("power-leader", Fault.Site.IMAGES, scene -> losePower(scene, List.of(scene.leader()))),
                new Fault("power-majority", Fault.Site.IMAGES, scene -> losePower(scene, scene.majority())),
                new Fault("power-all", Fault.Site.IMAGES, scene -> losePower(scene, scene.cluster().nodes())),
                new Fault("pause-power", Fault.Site.IMAGES, DiskFaults::pauseAndLosePower),
                new Fault("eio-leader", Fault.Site.IMAGES, DiskFaults::failCalls),
                new Fault("disk-full-leader", Fault.Site.IMAGES, scene -> fill(scene, List.of(scene.leader()))),
                new Fault("disk-full-all", Fault.Site.IMAGES, scene -> fill(scene, scene.cluster().nodes())),
                broken("bit-flips", damage -> damage.flipBits(BITS)),
                broken("bit-flips-small", Damage::flipBitsOfSmallFiles),
                broken("truncation", damage -> damage.truncateBiggest(CUT_SHARE)),
                broken("zeroed-sectors", damage -> damage.zeroSectors(SECTORS)),
                new Fault("stale-sectors", Fault.Site.LOOPBACK, DiskFaults::setSectorsBack),
                new Fault("wiped-server", Fault.Site.LOOPBACK, DiskFaults::wipe),
                new Fault("wiped-voter", Fault.Site.LOOPBACK, DiskFaults::wipeVoter),
                new Fault("old-backup", Fault.Site.LOOPBACK, DiskFaults::restoreBackup),
                new Fault("swapped-stores", Fault.Site.LOOPBACK, DiskFaults::swap));
    }

    private static Fault broken(final String name, final Breaker breaker) {
        return new Fault(name, Fault.Site.LOOPBACK, scene -> {
            final ServerNode victim = scene.leader();
            victim.kill();
            scene.note(breaker.apply(new Damage(scene.store(victim), scene.random())));
            victim.start();
            scene.healed();
        });
    }

    /** All at once: what was not forced is gone. Frozen first, so that nothing is acknowledged after the cut. */
    private static void losePower(final Scene scene, final List<ServerNode> victims) throws Exception {
        victims.forEach(ServerNode::pause);
        for (final ServerNode victim : victims) {
            scene.ground().disk(victim).cut();
        }
        victims.forEach(ServerNode::kill);
        restartOnDisk(scene, victims);
        scene.healed();
    }

    private static void restartOnDisk(final Scene scene, final List<ServerNode> victims) throws Exception {
        for (final ServerNode victim : victims) {
            scene.ground().disk(victim).remount();
            victim.start();
        }
    }

    /** One loses power, and while it comes back the leader of the two that are left stands still. */
    private static void pauseAndLosePower(final Scene scene) throws Exception {
        final ServerNode victim = scene.follower();
        losePower(scene, List.of(victim));
        final ServerNode paused = scene.leader();
        paused.pause();
        scene.load(LOAD);
        paused.resume();
        scene.healed();
    }

    /** Every call of the running leader on its disk fails. If it lives on it is killed before the disk comes back. */
    private static void failCalls(final Scene scene) throws Exception {
        final ServerNode victim = scene.leader();
        scene.ground().disk(victim).cut();
        scene.load(LOAD);
        scene.note(victim.isAlive() ? "lived on without its disk" : "ended without its disk");
        victim.kill();
        restartOnDisk(scene, List.of(victim));
        scene.healed();
    }

    private static void fill(final Scene scene, final List<ServerNode> victims) throws Exception {
        for (final ServerNode victim : victims) {
            scene.ground().disk(victim).fill(LEFT_BYTES);
        }
        final int before = acked(scene);
        scene.load(LOAD.multipliedBy(3));
        scene.note((acked(scene) - before) + " acked while full");
        for (final ServerNode victim : victims) {
            scene.ground().disk(victim).release();
        }
        scene.healed();
        final List<String> ended = victims.stream().filter(ServerNode::hasDied).map(ServerNode::name).toList();
        if (!ended.isEmpty()) {
            scene.note("ended when full, started again: " + ended);
            victims.stream().filter(ServerNode::hasDied).forEach(ServerNode::start);
        }
    }

    private static int acked(final Scene scene) {
        return scene.loads().stream().mapToInt(load -> load.acks().count()).sum();
    }

    private static void setSectorsBack(final Scene scene) throws Exception {
        final ServerNode victim = scene.leader();
        final Path copy = aside(scene, victim);
        victim.kill();
        Damage.copy(scene.store(victim), copy);
        victim.start();
        victim.awaitReady();
        scene.load(LOAD);
        victim.kill();
        scene.note(new Damage(scene.store(victim), scene.random()).staleSectors(copy, SECTORS));
        victim.start();
        scene.healed();
    }

    private static Path aside(final Scene scene, final ServerNode node) {
        return scene.store(node).resolveSibling(node.name() + ".copy");
    }

    private static void wipe(final Scene scene) throws Exception {
        final ServerNode victim = scene.leader();
        victim.kill();
        Damage.delete(scene.store(victim));
        scene.load(SHORT);
        victim.start();
        scene.healed();
    }

    /**
     * The one follower that has everything loses its store while the other was away, and the leader is down: the
     * two that are left must not go on without what only the leader has.
     */
    private static void wipeVoter(final Scene scene) throws Exception {
        final ServerNode leader = scene.leader();
        final ServerNode absent = scene.cluster().allBut(leader).getFirst();
        final ServerNode wiped = scene.cluster().allBut(leader).getLast();
        absent.kill();
        scene.load(LOAD);
        leader.kill();
        wiped.kill();
        Damage.delete(scene.store(wiped));
        final int before = acked(scene);
        absent.start();
        wiped.start();
        scene.load(LOAD.multipliedBy(3));
        scene.note((acked(scene) - before) + " acked by an old one and an empty one");
        leader.start();
        scene.healed();
    }

    private static void restoreBackup(final Scene scene) throws Exception {
        final ServerNode victim = scene.follower();
        final Path copy = aside(scene, victim);
        victim.stop();
        Damage.copy(scene.store(victim), copy);
        victim.start();
        victim.awaitReady();
        Await.until("the server follows again", scene::isAtWork);
        scene.load(LOAD);
        victim.kill();
        Damage.delete(scene.store(victim));
        Damage.copy(copy, scene.store(victim));
        victim.start();
        scene.healed();
    }

    /** Both have to refuse, by ending with an error; set right, both have to work. */
    private static void swap(final Scene scene) throws Exception {
        final List<ServerNode> victims = scene.cluster().allBut(scene.leader());
        victims.forEach(ServerNode::stop);
        Damage.swap(scene.store(victims.getFirst()), scene.store(victims.getLast()));
        for (final ServerNode victim : victims) {
            victim.start();
            final boolean hasEnded = Await.holds(REFUSAL, () -> !victim.isAlive());
            scene.note(victim.name() + (hasEnded ? " refused with exit code " + victim.exitCode() : " did not refuse"));
            victim.kill();
        }
        Damage.swap(scene.store(victims.getFirst()), scene.store(victims.getLast()));
        victims.forEach(ServerNode::start);
        scene.healed();
    }
}

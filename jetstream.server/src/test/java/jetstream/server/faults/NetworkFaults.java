package jetstream.server.faults;

import java.time.Duration;
import java.util.List;
import jetstream.server.acceptance.Cluster;
import jetstream.server.acceptance.ServerNode;

/** Faults of the network between the servers; clients reach every server throughout. */
final class NetworkFaults {
    private static final int SIZE = 3;
    private static final Duration CUT = Duration.ofSeconds(6);
    private static final Duration BAD = Duration.ofSeconds(10);
    private static final int FLAPS = 25;
    private static final Duration FLAP = Duration.ofMillis(200);
    private static final double LOSS = 0.05;
    private static final double DUPLICATES = 0.1;

    private NetworkFaults() {
    }

    static List<Fault> all() {
        return List.of(
                new Fault("partition-leader", Fault.Site.SWITCHED, scene -> {
                    final int leader = scene.index(scene.leader());
                    cut(scene, towards(leader, from(leader, perfect())), CUT);
                }),
                new Fault("partition-out", Fault.Site.SWITCHED,
                        scene -> cut(scene, from(scene.index(scene.leader()), perfect()), CUT)),
                new Fault("partition-in", Fault.Site.SWITCHED,
                        scene -> cut(scene, towards(scene.index(scene.leader()), perfect()), CUT)),
                new Fault("partition-all", Fault.Site.SWITCHED,
                        scene -> cut(scene, from(0, from(1, from(2, perfect()))), CUT)),
                new Fault("bridge", Fault.Site.SWITCHED, NetworkFaults::bridge),
                new Fault("flapping", Fault.Site.SWITCHED, NetworkFaults::flap),
                new Fault("loss", Fault.Site.SWITCHED, scene -> cut(scene, perfect().withLoss(LOSS), BAD)),
                new Fault("delay", Fault.Site.SWITCHED, scene -> cut(scene, perfect().withDelay(40, 80), BAD)),
                new Fault("reorder", Fault.Site.SWITCHED,
                        scene -> cut(scene, perfect().withDelay(0, 10).withDuplicates(DUPLICATES), BAD)),
                new Fault("bad-network", Fault.Site.SWITCHED, scene -> cut(scene,
                        perfect().withDelay(5, 30).withDuplicates(DUPLICATES).withLoss(LOSS), BAD)));
    }

    private static LinkRules perfect() {
        return LinkRules.perfect(SIZE);
    }

    /** Nothing that the server sends arrives. */
    private static LinkRules from(final int server, final LinkRules rules) {
        LinkRules result = rules;
        for (int other = 0; other < SIZE; other++) {
            if (other != server) {
                result = result.withCut(server, other);
            }
        }
        return result;
    }

    /** Nothing arrives at the server. */
    private static LinkRules towards(final int server, final LinkRules rules) {
        LinkRules result = rules;
        for (int other = 0; other < SIZE; other++) {
            if (other != server) {
                result = result.withCut(other, server);
            }
        }
        return result;
    }

    private static void cut(final Scene scene, final LinkRules rules, final Duration length) {
        scene.ground().network().apply(rules);
        scene.load(length);
        scene.ground().network().apply(perfect());
        scene.healed();
        scene.note(scene.ground().network().counts());
    }

    /** The leader and one more do not hear each other; the third hears both. */
    private static void bridge(final Scene scene) throws InterruptedException {
        final Cluster cluster = scene.cluster();
        final ServerNode leader = scene.leader();
        final int one = scene.index(leader);
        final int other = scene.index(cluster.allBut(leader).getFirst());
        cut(scene, perfect().withCut(one, other).withCut(other, one), CUT);
    }

    private static void flap(final Scene scene) throws InterruptedException {
        final int leader = scene.index(scene.leader());
        for (int i = 0; i < FLAPS; i++) {
            scene.ground().network().apply(towards(leader, from(leader, perfect())));
            scene.load(FLAP);
            scene.ground().network().apply(perfect());
            scene.load(FLAP);
        }
        scene.healed();
    }
}

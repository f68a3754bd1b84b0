package jetstream.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.entry.EntryView;
import jetstream.simulator.check.Checkers;
import jetstream.simulator.fault.FaultKind;
import jetstream.simulator.fault.FaultPlan;
import jetstream.simulator.load.Workload;
import org.junit.jupiter.api.Test;

/** Damage to a message that no client asks for any more is found, and mended by the other servers. */
class ScrubbedDamageTest {
    private static final long SECOND = 1_000_000_000L;
    private static final WorldSettings SETTINGS = new WorldSettings(3,
            Map.of("checkpoint_entries", "20", "history_tail", "1", "history_checkpoints", "1"),
            Map.of("segment_length", "16384", "scrub_rate", "100000", "garbage_max_percent", "99", "min_free", "0"));

    private final List<String> failures = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private final World world = new World(SETTINGS, random.split(), new Checkers(failures::add), true);
    private ConsensusGroup group;
    private long index;

    @Test
    void damageThatNobodyReadsIsFetchedFromTheOthers() {
        final Workload load = new Workload(world, random.split(), false);
        new FaultPlan(world, random.split(), EnumSet.of(FaultKind.KILL)).supervisor().start();
        world.run(SECOND);
        load.start();
        world.run(10 * SECOND);
        load.calm();
        world.run(5 * SECOND);
        final WholeNode node = world.nodes().get(1);

        damageAny(node);
        node.kill();
        world.run(60 * SECOND);

        assertEquals(List.of(), failures);
        assertTrue(node.isUp());
        final String wanted = "index " + index + " is whole again";
        assertTrue(world.trace().lines().stream().anyMatch(line -> line.contains(wanted)), wanted);
        final ConsensusGroup now = node.process().groups().get(group.report().group());
        assertTrue(now.log().record(index, new EntryView()));
    }

    /** Flips a bit of a message that is older than the history, so that a start does not read it. */
    private void damageAny(final WholeNode node) {
        final EntryView view = new EntryView();
        for (final ConsensusGroup candidate : node.process().groups().values()) {
            for (long at = 1; at < candidate.log().firstHistoryIndex(); at++) {
                if (candidate.log().record(at, view) && isFlipped(node, view)) {
                    group = candidate;
                    index = at;
                    return;
                }
            }
        }
        throw new AssertionError("there is no message in a sealed segment");
    }

    private static boolean isFlipped(final WholeNode node, final EntryView view) {
        final byte[] entry = new byte[view.length()];
        view.buffer().get(view.offset(), entry);
        final String newest = node.disk().contents().keySet().stream().filter(name -> name.endsWith(".seg"))
                .max(String::compareTo).orElseThrow();
        for (final Map.Entry<String, SimulatedDisk.Content> file : node.disk().contents().entrySet()) {
            final byte[] bytes = file.getValue().bytes;
            final int at = new String(bytes, StandardCharsets.ISO_8859_1)
                    .indexOf(new String(entry, StandardCharsets.ISO_8859_1));
            if (at >= 0 && file.getKey().endsWith(".seg") && !file.getKey().equals(newest)) {
                bytes[at + entry.length - 1] ^= 1;
                file.getValue().forced[at + entry.length - 1] ^= 1;
                return true;
            }
        }
        return false;
    }
}

package jetstream.simulator.world;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Settings of all nodes of a run: small limits, so that short runs meet checkpoints, discarded history, full windows,
 * new segments and images that do not fit into the log.
 *
 * @param nodes number of nodes
 * @param raft settings of the consensus plug-in
 * @param store settings of the file store
 */
public record WorldSettings(int nodes, Map<String, String> raft, Map<String, String> store) {
    /** Draws settings. */
    public static WorldSettings draw(final SplittableRandom random) {
        final int nodes = random.nextInt(6) == 0 ? 5 : 3;
        final int checkpointEntries = 20 + random.nextInt(300);
        final Map<String, String> raft = Map.of(
                "checkpoint_entries", number(checkpointEntries),
                "history_tail", number(1 + random.nextInt(80)),
                "history_checkpoints", number(1 + checkpointEntries % 3),
                "max_inflight", number(600 + random.nextInt(8_000)),
                "max_batch", number(400 + random.nextInt(4_000)),
                "catchup_piece", number(200 + random.nextInt(4_000)));
        final Map<String, String> store = Map.of(
                "segment_length", number(8_192 << random.nextInt(4)),
                "spare_segments", number(random.nextInt(3)),
                "inline_checkpoint_max", number(random.nextInt(3) * 700),
                "garbage_max_percent", number(5 + random.nextInt(60)),
                "scrub_rate", number(1 << 10 + random.nextInt(10)),
                "min_free", "0");
        return new WorldSettings(nodes, new TreeMap<>(raft), new TreeMap<>(store));
    }

    private static String number(final int value) {
        return Integer.toString(value);
    }
}

package jetstream.simulator.load;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import jetstream.simulator.world.World;

/** What the clients of a run do: streams of several kinds, with publishers and consumers. */
public final class Workload {
    private static final long MILLISECOND = 1_000_000L;

    private final World world;
    private final SplittableRandom random;
    private final List<StreamLife> streams = new ArrayList<>();
    private boolean isCalm;

    /**
     * A workload; nothing is done yet.
     *
     * @param mayBeLone whether streams with one replica may be among it: all disks keep what they promise
     */
    public Workload(final World world, final SplittableRandom random, final boolean mayBeLone) {
        this.world = world;
        this.random = random;
        final Calls calls = new Calls(world, random.split());
        final Publisher.PublishIds ids = new Publisher.PublishIds();
        final StreamKind[] kinds = StreamKind.values();
        final int first = random.nextInt(kinds.length);
        final int count = 2 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            final int replicas = mayBeLone && random.nextInt(3) == 0 ? 1 : 3;
            streams.add(new StreamLife(calls, ids, "S" + i, kinds[(first + i) % kinds.length], replicas));
        }
    }

    /** Makes the streams, and starts to use them. */
    public void start() {
        streams.forEach(StreamLife::create);
        act();
    }

    /** Deletes a stream and makes it again. */
    public void recreateAny() {
        streams.get(random.nextInt(streams.size())).recreate();
    }

    /** The faults are over: no more load, everything that is delivered is acknowledged. */
    public void calm() {
        isCalm = true;
        streams.forEach(StreamLife::calm);
    }

    /** Publishes to every stream until something is stored. */
    public void probe() {
        streams.forEach(StreamLife::probe);
    }

    /** Incarnations in use. */
    public List<StreamHistory> streams() {
        return streams.stream().map(StreamLife::now).toList();
    }

    /** All incarnations there ever were. */
    public List<StreamHistory> allStreams() {
        return streams.stream().flatMap(s -> s.incarnations().stream()).toList();
    }

    private void act() {
        if (isCalm) {
            return;
        }
        streams.get(random.nextInt(streams.size())).act();
        world.clock().after(random.nextLong(MILLISECOND, 25 * MILLISECOND), this::act);
    }
}

package jetstream.store.file;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Makes the log durable, segment by segment in log order. {@link #force} runs on the force thread while the shard
 * thread writes on; only the short list of segments is shared.
 */
final class Forcer {
    private final SegmentPool pool;
    private final FileCheckpoints checkpoints;
    private final ForcedMark mark;
    private final StoreHealth health;
    private final Deque<Segment> unforced = new ArrayDeque<>();
    private volatile long forcedThrough;

    Forcer(final SegmentPool pool, final FileCheckpoints checkpoints, final ForcedMark mark,
            final StoreHealth health) {
        this.pool = pool;
        this.checkpoints = checkpoints;
        this.mark = mark;
        this.health = health;
    }

    /** Everything before this position is durable. Any thread. */
    long forcedThrough() {
        return forcedThrough;
    }

    /** A segment will be written from now on. Shard thread. */
    void began(final Segment segment) {
        synchronized (unforced) {
            unforced.add(segment);
        }
    }

    /** What recovery found durable or made so. */
    void recovered(final long position) {
        forcedThrough = position;
    }

    /** See {@link jetstream.api.store.Store#force}. */
    synchronized void force(final long ticket) {
        if (ticket <= forcedThrough) {
            return;
        }
        health.check();
        Segment segment = first();
        try {
            // A file whose name is lost is lost with all that was forced into it.
            pool.forceFolder();
            while (segment.seq < Position.segmentSeq(ticket)) {
                segment.file.force();
                segment = next();
            }
            segment.file.force();
            checkpoints.makeDurable(ticket);
        } catch (final IOException e) {
            throw health.fail("force of " + segment.name, e);
        }
        forcedThrough = ticket;
        setMark(ticket);
    }

    private void setMark(final long position) {
        try {
            mark.set(position);
        } catch (final IOException e) {
            if (!StoreHealth.saysFull(e)) {
                throw health.fail("write of the mark of what was forced", e);
            }
        }
    }

    private Segment first() {
        synchronized (unforced) {
            return unforced.getFirst();
        }
    }

    private Segment next() {
        synchronized (unforced) {
            unforced.removeFirst();
            return unforced.getFirst();
        }
    }
}

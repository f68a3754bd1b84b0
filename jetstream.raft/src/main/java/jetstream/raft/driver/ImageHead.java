package jetstream.raft.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jetstream.api.Invariant;
import jetstream.api.store.Checkpoint;
import jetstream.raft.core.Membership;

/**
 * What stands before the state machine's bytes in a checkpoint image, little endian:
 *
 * <pre>
 *   0  int  format, 1
 *   4  int  length of the members' bytes
 *   8       members ({@link Membership})
 * </pre>
 */
final class ImageHead {
    private static final int FORMAT = 1;
    private static final int FIXED_LENGTH = 8;

    private ImageHead() {
    }

    static ByteBuffer of(final Membership members) {
        final ByteBuffer head =
                ByteBuffer.allocate(FIXED_LENGTH + members.encodedLength()).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(0, FORMAT);
        head.putInt(4, members.encodedLength());
        members.encode(head, FIXED_LENGTH);
        return head;
    }

    static Membership members(final Checkpoint checkpoint) {
        final ByteBuffer image = littleEndian(checkpoint);
        Invariant.check(image.getInt(0) == FORMAT, "checkpoint image of an unknown format", image.getInt(0));
        return Membership.decode(image, FIXED_LENGTH);
    }

    /** The checkpoint as the state machine wrote it. */
    static Checkpoint body(final Checkpoint checkpoint) {
        final ByteBuffer image = littleEndian(checkpoint);
        final int start = FIXED_LENGTH + image.getInt(4);
        Invariant.check(start <= image.limit(), "checkpoint image too short", start, image.limit());
        return new Checkpoint(checkpoint.index(), checkpoint.term(),
                image.slice(start, image.limit() - start).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static ByteBuffer littleEndian(final Checkpoint checkpoint) {
        return checkpoint.image().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}

package jetstream.transport.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.BufferClaim;
import java.nio.ByteBuffer;
import jetstream.api.frame.Frame;
import jetstream.wire.FrameEncoder;
import jetstream.wire.LinkFrame;
import jetstream.wire.LinkFrameEncoder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One lane to one peer: an exclusive publication, opened without waiting. A frame that fits into a datagram is encoded
 * right into the term buffer. A larger one is cut into chunks of a datagram each; what the lane's window does not take
 * is kept aside (at most one frame per lane) and follows as room comes, and until then the lane takes nothing else.
 *
 * <p>Owner: the polling thread.
 */
final class LaneSender {
    private static final int ATTEMPTS = 3;
    private static final int KEPT_BUFFER_LENGTH_MAX = 1 << 20;

    private final Aeron aeron;
    private final String channel;
    private final long registrationId;
    private final Activity activity;
    private final BufferClaim claim = new BufferClaim();
    private final FrameEncoder encoder = new FrameEncoder();
    private final LinkFrameEncoder linkEncoder = new LinkFrameEncoder();
    private final UnsafeBuffer headBuffer = new UnsafeBuffer(new byte[FrameEncoder.HEAD_LENGTH_MAX]);
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
    private ExclusivePublication publication;
    private String failure;
    private boolean isClosed;
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private int restLength;
    private int restSent;
    private int restFrameLength;

    LaneSender(final Aeron aeron, final String channel, final int streamId, final Activity activity) {
        this.aeron = aeron;
        this.channel = channel;
        this.activity = activity;
        this.registrationId = aeron.asyncAddExclusivePublication(channel, streamId);
        activity.hasUnsent = true;
        activity.hasChanged = true;
    }

    /** Whether a receiver has answered. */
    boolean isConnected() {
        final ExclusivePublication current = publication();
        return current != null && current.isConnected();
    }

    /** Whether the driver has opened the publication, so that {@link #sessionId} is known. */
    boolean isOpen() {
        return publication() != null;
    }

    int sessionId() {
        return publication.sessionId();
    }

    /** Why the publication could not be opened, or null. */
    String failure() {
        return failure;
    }

    /**
     * Sends a frame with its payload, or as much of it as the window takes, keeping the rest. False: nothing was sent.
     */
    boolean offer(final Frame frame, final ByteBuffer payload, final int offset, final int length) {
        if (!isReady()) {
            return false;
        }
        final int headLength = FrameEncoder.headLength(frame);
        if (headLength + length <= publication.maxPayloadLength()) {
            if (!claim(headLength + length)) {
                return false;
            }
            encoder.encode(frame, claim.buffer(), claim.offset());
            commit(headLength, payload, offset, length);
            return true;
        }
        if (length > AeronTransportConfig.FRAME_LENGTH_MAX - headLength) {
            throw new IllegalArgumentException("frame of " + length + " bytes; at most "
                    + AeronTransportConfig.FRAME_LENGTH_MAX + " are taken");
        }
        encoder.encode(frame, headBuffer, 0);
        return offerChunks(headLength, payload, offset, length);
    }

    /** Sends what transports say to each other. */
    boolean offer(final LinkFrame frame) {
        if (!isReady()) {
            return false;
        }
        final int length = linkEncoder.encode(frame, scratch, 0);
        final ByteBuffer bytes = ByteBuffer.wrap(scratch.byteArray());
        if (length > publication.maxPayloadLength()) {
            return offerChunks(0, bytes, 0, length);
        }
        if (!claim(length)) {
            return false;
        }
        commit(0, bytes, 0, length);
        return true;
    }

    /** Sends more of the frame that was kept aside; amount of work done. */
    int drain() {
        int work = 0;
        while (restSent < restLength) {
            final int position = restFrameLength - restLength + restSent;
            final int length = Math.min(chunkLengthMax(), restLength - restSent);
            if (!claimChunk(position, restFrameLength, length)) {
                activity.hasUnfinished = true;
                return work;
            }
            commit(LinkFrameEncoder.CHUNK_HEAD_LENGTH, rest, restSent, length);
            restSent += length;
            work++;
        }
        if (restLength > 0) {
            forgetRest();
        }
        return work;
    }

    /** Whether part of a large frame waits for room. */
    boolean hasRest() {
        return restSent < restLength;
    }

    /**
     * Closes the publication.
     *
     * @param isRevoked true: what is still in the term buffer is of no use to anybody
     */
    void close(final boolean isRevoked) {
        isClosed = true;
        forgetRest();
        if (aeron.isClosed()) {
            return;
        }
        if (publication == null) {
            aeron.asyncRemovePublication(registrationId);
        } else if (isRevoked) {
            publication.revoke();
        } else {
            publication.close();
        }
        activity.hasUnsent = true;
    }

    @Override
    public String toString() {
        return channel;
    }

    private ExclusivePublication publication() {
        if (publication == null && failure == null && !isClosed) {
            try {
                publication = aeron.getExclusivePublication(registrationId);
            } catch (final RegistrationException e) {
                failure = e.getMessage();
            }
        }
        return publication;
    }

    private boolean isReady() {
        if (isClosed || publication() == null) {
            return false;
        }
        if (hasRest()) {
            drain();
        }
        return !hasRest();
    }

    private boolean offerChunks(final int headLength, final ByteBuffer payload, final int offset, final int length) {
        final int frameLength = headLength + length;
        final int firstLength = Math.min(chunkLengthMax(), frameLength);
        if (!claimChunk(0, frameLength, firstLength)) {
            return false;
        }
        final MutableDirectBuffer target = claim.buffer();
        final int headOffset = claim.offset() + LinkFrameEncoder.CHUNK_HEAD_LENGTH;
        target.putBytes(headOffset, headBuffer, 0, headLength);
        commit(LinkFrameEncoder.CHUNK_HEAD_LENGTH + headLength, payload, offset, firstLength - headLength);
        int sent = firstLength;
        while (sent < frameLength) {
            final int chunkLength = Math.min(chunkLengthMax(), frameLength - sent);
            if (!claimChunk(sent, frameLength, chunkLength)) {
                keepRest(payload, offset + sent - headLength, frameLength - sent, frameLength);
                return true;
            }
            commit(LinkFrameEncoder.CHUNK_HEAD_LENGTH, payload, offset + sent - headLength, chunkLength);
            sent += chunkLength;
        }
        return true;
    }

    private int chunkLengthMax() {
        return publication.maxPayloadLength() - LinkFrameEncoder.CHUNK_HEAD_LENGTH;
    }

    private boolean claimChunk(final int position, final int frameLength, final int length) {
        if (!claim(LinkFrameEncoder.CHUNK_HEAD_LENGTH + length)) {
            return false;
        }
        linkEncoder.encodeChunk(frameLength, position, claim.buffer(), claim.offset());
        return true;
    }

    private boolean claim(final int length) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            final long result = publication.tryClaim(length, claim);
            if (result > 0) {
                return true;
            }
            if (result != Publication.ADMIN_ACTION) {
                return false;
            }
        }
        return false;
    }

    /** Copies with the JDK's own bounds checks: payloads may be heap, direct or read-only buffers. */
    private void commit(final int skip, final ByteBuffer payload, final int offset, final int length) {
        if (length > 0) {
            final MutableDirectBuffer target = claim.buffer();
            target.byteBuffer().put(target.wrapAdjustment() + claim.offset() + skip, payload, offset, length);
        }
        claim.commit();
        activity.hasUnsent = true;
        activity.unsentBytes += skip + length;
    }

    private void keepRest(final ByteBuffer payload, final int offset, final int length, final int frameLength) {
        if (rest.capacity() < length) {
            rest = ByteBuffer.allocate(length);
        }
        rest.put(0, payload, offset, length);
        restLength = length;
        restSent = 0;
        restFrameLength = frameLength;
        activity.hasUnfinished = true;
    }

    private void forgetRest() {
        restLength = 0;
        restSent = 0;
        if (rest.capacity() > KEPT_BUFFER_LENGTH_MAX) {
            rest = ByteBuffer.allocate(0);
        }
    }
}

package jetstream.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import jetstream.api.frame.Frame;
import jetstream.api.frame.NodeFrame;
import jetstream.api.frame.RaftFrame;
import jetstream.api.frame.RouteFrame;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FrameCodecTest {
    private static final byte[] PAYLOAD = "payload".getBytes(StandardCharsets.US_ASCII);
    private static final int OFFSET = 24;

    private final UnsafeBuffer buffer =
            new UnsafeBuffer(ByteBuffer.allocateDirect(4096).order(ByteOrder.LITTLE_ENDIAN));
    private final FrameEncoder encoder = new FrameEncoder();
    private final FrameDecoder decoder = new FrameDecoder();

    static Stream<Frame> frames() {
        return Stream.of(
                new RaftFrame.VoteRequest(-1, 2, true, false, 3, 4),
                new RaftFrame.VoteRequest(Long.MIN_VALUE, Long.MAX_VALUE, false, true, 0, 0),
                new RaftFrame.VoteReply(1, 2, true, false),
                new RaftFrame.VoteReply(1, 2, false, true),
                new RaftFrame.Append(1, 2, 3, 4, 5, 6, 7),
                new RaftFrame.AppendReply(1, 2, true, 3, 4, 5),
                new RaftFrame.AppendReply(1, 2, false, 3, 4, 5),
                new RaftFrame.TimeoutNow(1, 2),
                new RaftFrame.Catchup(1, 2, 3, 4, RaftFrame.Catchup.IMAGE, 5, 0, false),
                new RaftFrame.Catchup(1, 2, 3, 4, RaftFrame.Catchup.RECORDS, 5, 6, true),
                new RaftFrame.CatchupReply(1, 2, 3, 4, true),
                new RaftFrame.StateHash(1, 2, RaftFrame.StateHash.TELL, 3, -4),
                new RaftFrame.EntryRequest(1, 2, 3),
                new RaftFrame.EntryReply(1, 2, 3, 1),
                new NodeFrame.Heartbeat(1, 2),
                new NodeFrame.HeartbeatReply(1, 2, 3, NodeFrame.HeartbeatReply.VOLATILE),
                new RouteFrame.Interest(true, 4),
                new RouteFrame.Interest(false, 0),
                new RouteFrame.Messages(3),
                new RouteFrame.Notice(-7));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyFrameComesBackAsItWas(final Frame frame) {
        final int length = encode(frame);

        assertEquals(frame, decoder.decode(buffer, OFFSET, length));
        assertEquals(PAYLOAD.length, decoder.payloadLength());
        final byte[] payload = new byte[PAYLOAD.length];
        buffer.getBytes(decoder.payloadOffset(), payload);
        assertEquals("payload", new String(payload, StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void headFitsIntoItsPromisedRoom(final Frame frame) {
        assertTrue(FrameEncoder.headLength(frame) <= FrameEncoder.HEAD_LENGTH_MAX);
        assertEquals(FrameEncoder.headLength(frame), encoder.encode(frame, buffer, OFFSET));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void cutFrameIsRefused(final Frame frame) {
        final int head = encode(frame) - PAYLOAD.length;
        for (int length = 0; length < head; length++) {
            assertNull(decoder.decode(buffer, OFFSET, length));
            assertEquals(Refusal.TOO_SHORT, decoder.refusal());
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void fieldsOfNewerVersionAreSkipped(final Frame frame) {
        // given: a block that is five bytes longer than ours, by a writer of a newer schema
        final int head = encoder.encode(frame, buffer, OFFSET);
        final int blockLength = head - FrameHeader.LENGTH;
        buffer.putShort(OFFSET, (short) (blockLength + 5), ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(OFFSET + 6, (short) 9, ByteOrder.LITTLE_ENDIAN);
        buffer.setMemory(OFFSET + head, 5, (byte) 0x55);
        buffer.putBytes(OFFSET + head + 5, PAYLOAD);

        assertEquals(frame, decoder.decode(buffer, OFFSET, head + 5 + PAYLOAD.length));
        assertEquals(OFFSET + head + 5, decoder.payloadOffset());
        assertEquals(PAYLOAD.length, decoder.payloadLength());
    }

    @Test
    void aFieldThatAnOlderWriterDidNotKnowIsNothing() {
        final int head = encoder.encode(new NodeFrame.HeartbeatReply(1, 2, 3, 1), buffer, OFFSET);
        buffer.putShort(OFFSET, (short) (head - FrameHeader.LENGTH - 1), ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(OFFSET + 6, (short) 2, ByteOrder.LITTLE_ENDIAN);

        assertEquals(new NodeFrame.HeartbeatReply(1, 2, 3, 0), decoder.decode(buffer, OFFSET, head - 1));
    }

    @Test
    void unknownTemplateAndForeignSchemaAreNamed() {
        final int length = encode(new RaftFrame.TimeoutNow(1, 2));
        buffer.putShort(OFFSET + 2, (short) 999, ByteOrder.LITTLE_ENDIAN);
        assertNull(decoder.decode(buffer, OFFSET, length));
        assertEquals(Refusal.UNKNOWN_FRAME, decoder.refusal());

        buffer.putShort(OFFSET + 4, (short) 1, ByteOrder.LITTLE_ENDIAN);
        assertNull(decoder.decode(buffer, OFFSET, length));
        assertEquals(Refusal.FOREIGN_SCHEMA, decoder.refusal());
    }

    @Test
    void shortBlockAndNegativeCountAreNamed() {
        final int length = encode(new RouteFrame.Messages(-1));
        assertNull(decoder.decode(buffer, OFFSET, length));
        assertEquals(Refusal.BAD_VALUE, decoder.refusal());

        buffer.putShort(OFFSET, (short) 3, ByteOrder.LITTLE_ENDIAN);
        assertNull(decoder.decode(buffer, OFFSET, length));
        assertEquals(Refusal.SHORT_BLOCK, decoder.refusal());
    }

    @Test
    void garbageNeverThrows() {
        final long seed = 4222;
        final Random random = new Random(seed);
        final LinkFrameDecoder linkDecoder = new LinkFrameDecoder();
        final byte[] bytes = new byte[300];
        for (int round = 0; round < 200_000; round++) {
            random.nextBytes(bytes);
            final UnsafeBuffer garbage = new UnsafeBuffer(bytes, 0, random.nextInt(bytes.length));
            if (garbage.capacity() >= 8 && round % 4 != 0) {
                garbage.putShort(0, (short) random.nextInt(100), ByteOrder.LITTLE_ENDIAN);
                garbage.putShort(2, (short) random.nextInt(60), ByteOrder.LITTLE_ENDIAN);
                garbage.putShort(4, (short) 4222, ByteOrder.LITTLE_ENDIAN);
            }
            final boolean taken = decoder.decode(garbage, 0, garbage.capacity()) != null;
            assertEquals(taken, decoder.refusal() == Refusal.NONE);
            final boolean linkTaken = linkDecoder.decode(garbage, 0, garbage.capacity()) != null;
            assertEquals(linkTaken, linkDecoder.refusal() == Refusal.NONE);
        }
    }

    private int encode(final Frame frame) {
        final int head = encoder.encode(frame, buffer, OFFSET);
        buffer.putBytes(OFFSET + head, PAYLOAD);
        return head + PAYLOAD.length;
    }
}

package jetstream.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jetstream.api.NodeId;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class LinkFrameCodecTest {
    private static final int OFFSET = 3;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final LinkFrameEncoder encoder = new LinkFrameEncoder();
    private final LinkFrameDecoder decoder = new LinkFrameDecoder();

    static Stream<LinkFrame> frames() {
        return Stream.of(hello(7), new LinkFrame.Keepalive(1, 2, 3, 4), new LinkFrame.Goodbye(-1),
                new LinkFrame.Refused(NodeId.of("b"), 1, 2, LinkFrame.RefusalReason.CREDENTIALS, "wrong password"));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void everyFrameComesBackAsItWas(final LinkFrame frame) {
        final int length = encoder.encode(frame, buffer, OFFSET);

        assertEquals(frame, decoder.decode(buffer, OFFSET, length));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void cutFrameIsRefused(final LinkFrame frame) {
        final int whole = encoder.encode(frame, buffer, OFFSET);
        for (int length = 0; length < whole; length++) {
            assertNull(decoder.decode(buffer, OFFSET, length), "cut to " + length);
        }
    }

    @ParameterizedTest
    @EnumSource(LinkFrame.RefusalReason.class)
    void everyReasonHasItsCode(final LinkFrame.RefusalReason reason) {
        final LinkFrame.Refused refused = new LinkFrame.Refused(NodeId.of("b"), 1, 2, reason, "");
        final int length = encoder.encode(refused, buffer, OFFSET);

        assertEquals(refused, decoder.decode(buffer, OFFSET, length));
    }

    @Test
    void helloWithoutLinkIsProbe() {
        assertTrue(hello(0).isProbe());
        assertFalse(hello(1).isProbe());
    }

    @Test
    void chunkGivesItsBytes() {
        final int head = encoder.encode(new LinkFrame.Chunk(100, 40), buffer, OFFSET);
        assertEquals(LinkFrameEncoder.CHUNK_HEAD_LENGTH, head);

        assertEquals(new LinkFrame.Chunk(100, 40), decoder.decode(buffer, OFFSET, head + 60));
        assertEquals(60, decoder.payloadLength());
        assertEquals(head, decoder.payloadOffset());
    }

    @Test
    void chunkBeyondItsFrameIsRefused() {
        final int head = encoder.encode(new LinkFrame.Chunk(100, 40), buffer, OFFSET);

        assertNull(decoder.decode(buffer, OFFSET, head + 61));
        assertEquals(Refusal.BAD_VALUE, decoder.refusal());
    }

    @Test
    void groupThatClaimsTooManyRowsIsRefused() {
        final int length = encoder.encode(hello(7), buffer, OFFSET);
        final int groupOffset = OFFSET + FrameHeader.LENGTH + buffer.getShort(OFFSET, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(groupOffset + 2, (short) 60_000, ByteOrder.LITTLE_ENDIAN);

        assertNull(decoder.decode(buffer, OFFSET, length));
        assertEquals(Refusal.BAD_VALUE, decoder.refusal());
    }

    @Test
    void endlessTextIsCut() {
        final LinkFrame.Refused refused = new LinkFrame.Refused(NodeId.of("b"), 1, 2,
                LinkFrame.RefusalReason.PROTOCOL, "x".repeat(100_000));
        final LinkFrame decoded = decoder.decode(buffer, OFFSET, encoder.encode(refused, buffer, OFFSET));

        assertNotNull(decoded);
        assertEquals(4096, ((LinkFrame.Refused) decoded).detail().length());
    }

    private static LinkFrame.Hello hello(final long linkId) {
        return new LinkFrame.Hello(LinkFrame.PROTOCOL_VERSION,
                new LinkFrame.Identity("cluster", "größe-1", NodeId.of("größe-1"), 99, "user", "proof"),
                new LinkFrame.Reach("host:1", 65_535, 5, 6, 7), new LinkFrame.LinkIds(linkId, 2, 3, 4),
                new LinkFrame.Sessions(1, -2, 3, -4), Map.of("jetstream", "true", "url", ""),
                List.of(new LinkFrame.KnownPeer(NodeId.of("c"), "127.0.0.1", 6222),
                        new LinkFrame.KnownPeer(NodeId.of("d"), "::1", 1)));
    }
}

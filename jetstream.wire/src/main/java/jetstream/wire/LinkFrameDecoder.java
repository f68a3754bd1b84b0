package jetstream.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.NodeId;
import jetstream.wire.codec.ChunkDecoder;
import jetstream.wire.codec.GoodbyeDecoder;
import jetstream.wire.codec.HelloDecoder;
import jetstream.wire.codec.KeepaliveDecoder;
import jetstream.wire.codec.RefusedDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads {@link LinkFrame}s, with the promises of {@link FrameDecoder}: whatever the bytes, null and a {@link #refusal}
 * instead of an exception. Owner: one thread.
 */
public final class LinkFrameDecoder {
    private final FrameHeader header = new FrameHeader();
    private final UnsafeBuffer frameBuffer = new UnsafeBuffer(0, 0);
    private final HelloDecoder hello = new HelloDecoder();
    private final KeepaliveDecoder keepalive = new KeepaliveDecoder();
    private final RefusedDecoder refused = new RefusedDecoder();
    private final GoodbyeDecoder goodbye = new GoodbyeDecoder();
    private final ChunkDecoder chunk = new ChunkDecoder();
    private Refusal refusal = Refusal.NONE;

    /** A decoder. */
    public LinkFrameDecoder() {
    }

    /** Why the last {@link #decode} returned null. */
    public Refusal refusal() {
        return refusal;
    }

    /** Where a decoded chunk's bytes start, relative to the frame's offset. */
    public int payloadOffset() {
        return header.payloadOffset();
    }

    /** Length of those bytes. */
    public int payloadLength() {
        return header.payloadLength();
    }

    /**
     * Reads the frame in {@code [offset, offset + length)}.
     *
     * @return null if it is no link frame; see {@link #refusal}
     */
    public LinkFrame decode(final DirectBuffer buffer, final int offset, final int length) {
        if (length < FrameHeader.LENGTH) {
            return refuse(Refusal.TOO_SHORT);
        }
        // A view of just this frame: groups and texts that claim more than is there then fail the bounds check below.
        frameBuffer.wrap(buffer, offset, length);
        refusal = header.wrap(frameBuffer, 0, length);
        if (refusal != Refusal.NONE) {
            return null;
        }
        final int least = leastBlockLength(header.templateId());
        if (least < 0) {
            return refuse(Refusal.UNKNOWN_FRAME);
        }
        if (header.blockLength() < least) {
            return refuse(Refusal.SHORT_BLOCK);
        }
        try {
            return decodeBody(header.blockLength(), header.version());
        } catch (final IndexOutOfBoundsException e) {
            return refuse(Refusal.BAD_VALUE);
        }
    }

    private static int leastBlockLength(final int templateId) {
        return switch (templateId) {
            case HelloDecoder.TEMPLATE_ID -> HelloDecoder.BLOCK_LENGTH;
            case KeepaliveDecoder.TEMPLATE_ID -> KeepaliveDecoder.BLOCK_LENGTH;
            case RefusedDecoder.TEMPLATE_ID -> RefusedDecoder.BLOCK_LENGTH;
            case GoodbyeDecoder.TEMPLATE_ID -> GoodbyeDecoder.BLOCK_LENGTH;
            case ChunkDecoder.TEMPLATE_ID -> ChunkDecoder.BLOCK_LENGTH;
            default -> -1;
        };
    }

    private LinkFrame decodeBody(final int blockLength, final int version) {
        final int offset = header.blockOffset();
        return switch (header.templateId()) {
            case HelloDecoder.TEMPLATE_ID -> {
                hello.wrap(frameBuffer, offset, blockLength, version);
                yield decodeHello();
            }
            case KeepaliveDecoder.TEMPLATE_ID -> {
                keepalive.wrap(frameBuffer, offset, blockLength, version);
                yield new LinkFrame.Keepalive(keepalive.linkId(), keepalive.echoLinkId(), keepalive.revision(),
                        keepalive.echoRevision());
            }
            case RefusedDecoder.TEMPLATE_ID -> {
                refused.wrap(frameBuffer, offset, blockLength, version);
                yield decodeRefused();
            }
            case GoodbyeDecoder.TEMPLATE_ID -> {
                goodbye.wrap(frameBuffer, offset, blockLength, version);
                yield new LinkFrame.Goodbye(goodbye.linkId());
            }
            default -> {
                chunk.wrap(frameBuffer, offset, blockLength, version);
                yield decodeChunk();
            }
        };
    }

    private LinkFrame decodeHello() {
        final LinkFrame.LinkIds link = new LinkFrame.LinkIds(hello.linkId(), hello.echoLinkId(), hello.dialToken(),
                hello.revision());
        final LinkFrame.Sessions sessions = new LinkFrame.Sessions(hello.controlSession(), hello.dataSession(),
                hello.bulkSession(), hello.routeSession());
        // Groups and texts stand one after the other: they must be read in this order.
        final Map<String, String> attributes = decodeAttributes();
        final List<LinkFrame.KnownPeer> known = decodeKnown();
        final String clusterName = text(hello.clusterNameLength(), hello::getClusterName);
        final String serverName = text(hello.serverNameLength(), hello::getServerName);
        final String advertise = text(hello.advertiseLength(), hello::getAdvertise);
        final String user = text(hello.userLength(), hello::getUser);
        final String proof = text(hello.proofLength(), hello::getProof);
        return new LinkFrame.Hello(hello.protocolVersion(),
                new LinkFrame.Identity(clusterName, serverName, new NodeId(hello.nodeId()), hello.bootId(), user,
                        proof),
                new LinkFrame.Reach(advertise, hello.port(), hello.driverId(), hello.ipcStream(), hello.doorbellPort()),
                link, sessions, attributes, known);
    }

    private Map<String, String> decodeAttributes() {
        final Map<String, String> attributes = new LinkedHashMap<>();
        final HelloDecoder.AttributesDecoder rows = hello.attributes();
        while (rows.hasNext()) {
            rows.next();
            final String key = text(rows.keyLength(), rows::getKey);
            attributes.put(key, text(rows.contentLength(), rows::getContent));
        }
        return Map.copyOf(attributes);
    }

    private List<LinkFrame.KnownPeer> decodeKnown() {
        final List<LinkFrame.KnownPeer> known = new ArrayList<>();
        final HelloDecoder.KnownDecoder rows = hello.known();
        while (rows.hasNext()) {
            rows.next();
            final NodeId node = new NodeId(rows.knownNodeId());
            final int port = rows.knownPort();
            known.add(new LinkFrame.KnownPeer(node, text(rows.knownHostLength(), rows::getKnownHost), port));
        }
        return List.copyOf(known);
    }

    private LinkFrame decodeRefused() {
        final LinkFrame.RefusalReason[] reasons = LinkFrame.RefusalReason.values();
        final int code = refused.codeRaw();
        if (code < 1 || code > reasons.length) {
            return refuse(Refusal.BAD_VALUE);
        }
        return new LinkFrame.Refused(new NodeId(refused.nodeId()), refused.refusedBootId(), refused.dialToken(),
                reasons[code - 1], text(refused.detailLength(), refused::getDetail));
    }

    private LinkFrame decodeChunk() {
        final LinkFrame.Chunk decoded = new LinkFrame.Chunk(chunk.frameLength(), chunk.position());
        final long end = (long) decoded.position() + header.payloadLength();
        return decoded.position() < 0 || end > decoded.frameLength() ? refuse(Refusal.BAD_VALUE) : decoded;
    }

    private LinkFrame refuse(final Refusal why) {
        refusal = why;
        return null;
    }

    private static String text(final int length, final TextSource source) {
        final byte[] bytes = new byte[length];
        source.get(bytes, 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Copies variable data out of a generated decoder. */
    @FunctionalInterface
    private interface TextSource {
        int get(byte[] target, int offset, int length);
    }
}

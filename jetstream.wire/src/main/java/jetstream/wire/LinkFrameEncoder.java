package jetstream.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import jetstream.wire.codec.ChunkEncoder;
import jetstream.wire.codec.GoodbyeEncoder;
import jetstream.wire.codec.HelloEncoder;
import jetstream.wire.codec.KeepaliveEncoder;
import jetstream.wire.codec.MessageHeaderEncoder;
import jetstream.wire.codec.RefusalCode;
import jetstream.wire.codec.RefusedEncoder;
import org.agrona.MutableDirectBuffer;

/** Writes {@link LinkFrame}s. Owner: one thread. */
public final class LinkFrameEncoder {
    /** Length in bytes of a chunk's head; the chunk's bytes follow it. */
    public static final int CHUNK_HEAD_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ChunkEncoder.BLOCK_LENGTH;

    private static final int TEXT_LENGTH_MAX = 4096;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final HelloEncoder hello = new HelloEncoder();
    private final KeepaliveEncoder keepalive = new KeepaliveEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();
    private final GoodbyeEncoder goodbye = new GoodbyeEncoder();
    private final ChunkEncoder chunk = new ChunkEncoder();

    /** An encoder. */
    public LinkFrameEncoder() {
    }

    /**
     * Writes a frame at {@code offset}; the buffer must grow by itself or have room. Texts are cut at 4 KiB.
     *
     * @return its length in bytes
     */
    public int encode(final LinkFrame frame, final MutableDirectBuffer buffer, final int offset) {
        return MessageHeaderEncoder.ENCODED_LENGTH + switch (frame) {
            case LinkFrame.Hello f -> encodeHello(f, buffer, offset);
            case LinkFrame.Keepalive f -> keepalive.wrapAndApplyHeader(buffer, offset, header)
                    .linkId(f.linkId()).echoLinkId(f.echoLinkId()).revision(f.revision())
                    .echoRevision(f.echoRevision()).encodedLength();
            case LinkFrame.Refused f -> encodeRefused(f, buffer, offset);
            case LinkFrame.Goodbye f -> goodbye.wrapAndApplyHeader(buffer, offset, header)
                    .linkId(f.linkId()).encodedLength();
            case LinkFrame.Chunk f -> chunk.wrapAndApplyHeader(buffer, offset, header)
                    .frameLength(f.frameLength()).position(f.position()).encodedLength();
        };
    }

    /** Writes a chunk's head without making a record for it. */
    public void encodeChunk(final int frameLength, final int position, final MutableDirectBuffer buffer,
            final int offset) {
        chunk.wrapAndApplyHeader(buffer, offset, header).frameLength(frameLength).position(position);
    }

    private int encodeHello(final LinkFrame.Hello f, final MutableDirectBuffer buffer, final int offset) {
        hello.wrapAndApplyHeader(buffer, offset, header)
                .protocolVersion(f.protocolVersion()).port(f.reach().port()).revision(f.link().revision())
                .nodeId(f.identity().node().value()).bootId(f.identity().bootId())
                .linkId(f.link().linkId()).echoLinkId(f.link().echoLinkId()).dialToken(f.link().dialToken())
                .driverId(f.reach().driverId()).ipcStream(f.reach().ipcStream()).doorbellPort(f.reach().doorbellPort())
                .controlSession(f.sessions().control()).dataSession(f.sessions().data())
                .bulkSession(f.sessions().bulk()).routeSession(f.sessions().route());
        final HelloEncoder.AttributesEncoder attributes = hello.attributesCount(f.attributes().size());
        for (final Map.Entry<String, String> entry : f.attributes().entrySet()) {
            final byte[] key = bytes(entry.getKey());
            final byte[] content = bytes(entry.getValue());
            attributes.next().putKey(key, 0, key.length).putContent(content, 0, content.length);
        }
        final HelloEncoder.KnownEncoder known = hello.knownCount(f.known().size());
        for (final LinkFrame.KnownPeer peer : f.known()) {
            final byte[] host = bytes(peer.host());
            known.next().knownNodeId(peer.node().value()).knownPort(peer.port()).putKnownHost(host, 0, host.length);
        }
        final byte[] clusterName = bytes(f.identity().clusterName());
        final byte[] serverName = bytes(f.identity().serverName());
        final byte[] advertise = bytes(f.reach().advertise());
        final byte[] user = bytes(f.identity().user());
        final byte[] proof = bytes(f.identity().proof());
        hello.putClusterName(clusterName, 0, clusterName.length).putServerName(serverName, 0, serverName.length)
                .putAdvertise(advertise, 0, advertise.length).putUser(user, 0, user.length)
                .putProof(proof, 0, proof.length);
        return hello.encodedLength();
    }

    private int encodeRefused(final LinkFrame.Refused f, final MutableDirectBuffer buffer, final int offset) {
        final byte[] detail = bytes(f.detail());
        return refused.wrapAndApplyHeader(buffer, offset, header)
                .nodeId(f.node().value()).refusedBootId(f.refusedBootId()).dialToken(f.dialToken())
                .code(code(f.reason())).putDetail(detail, 0, detail.length).encodedLength();
    }

    private static RefusalCode code(final LinkFrame.RefusalReason reason) {
        return switch (reason) {
            case CLUSTER_NAME -> RefusalCode.CLUSTER_NAME;
            case DUPLICATE_NAME -> RefusalCode.DUPLICATE_NAME;
            case CREDENTIALS -> RefusalCode.CREDENTIALS;
            case PROTOCOL -> RefusalCode.PROTOCOL;
            case INCARNATION -> RefusalCode.INCARNATION;
        };
    }

    private static byte[] bytes(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= TEXT_LENGTH_MAX ? bytes : Arrays.copyOf(bytes, TEXT_LENGTH_MAX);
    }
}

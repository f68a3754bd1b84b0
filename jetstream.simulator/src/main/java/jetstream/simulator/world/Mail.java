package jetstream.simulator.world;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A message on its way to a client.
 *
 * @param node who sent it
 * @param sentNs simulated time at which it was sent
 * @param subject its subject
 * @param reply where to answer; empty if nowhere
 * @param headers header block; empty if none
 * @param payload payload
 */
public record Mail(WholeNode node, long sentNs, String subject, String reply, String headers, byte[] payload) {
    /** Payload as text. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    static byte[] bytes(final ByteBuffer buffer, final int offset, final int length) {
        final byte[] copy = new byte[length];
        buffer.get(offset, copy);
        return copy;
    }
}

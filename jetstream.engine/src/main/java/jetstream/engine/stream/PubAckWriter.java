package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jetstream.api.error.ApiFailure;

/**
 * Writes the server's answers to publishers, byte for byte as clients know them (spec/jetstream-api.md section 5). Each
 * call replaces the answer before; {@link #buffer()} holds it from 0. A plain answer allocates nothing. Owner: one
 * thread.
 */
public final class PubAckWriter {
    private static final byte[] DUPLICATE = ascii(",\"duplicate\": true");
    private static final int LONGEST_NUMBER = 20;
    private static final int SMALLEST = 256;
    private static final byte[] NOTHING = {};

    private final byte[] prefix;
    private final byte[] failureSuffix;
    private byte[] bytes = NOTHING;
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private int length;

    /**
     * Answers for one stream.
     *
     * @param stream its name
     * @param domain JetStream domain of this server; empty if none
     */
    public PubAckWriter(final String stream, final String domain) {
        final String inDomain = domain.isEmpty() ? "" : ",\"domain\":\"" + escape(domain) + '"';
        prefix = utf8("{\"stream\":\"" + escape(stream) + '"' + inDomain + ",\"seq\":");
        failureSuffix = utf8(",\"stream\":\"" + escape(stream) + "\",\"seq\":0}");
    }

    /** The bytes; absolute, from 0. Another object after a long answer. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Stored as that sequence. Returns the length of the answer in bytes, as all others do. */
    public int stored(final long seq) {
        start(seq);
        return end();
    }

    /** Seen before, as that sequence. */
    public int duplicate(final long originalSeq) {
        start(originalSeq);
        put(DUPLICATE, DUPLICATE.length);
        return end();
    }

    /** A counter message was stored and its subject has that total now. */
    public int counter(final long seq, final String total) {
        start(seq);
        final byte[] value = utf8(",\"val\":\"" + total + '"');
        put(value, value.length);
        return end();
    }

    /** A batch was committed; its last message is that sequence. */
    public int batch(final long seq, final String batchId, final int count) {
        start(seq);
        final byte[] value = utf8(",\"batch\":\"" + escape(batchId) + "\",\"count\":" + count);
        put(value, value.length);
        return end();
    }

    /** Refused. */
    public int failure(final ApiFailure failure) {
        length = 0;
        final byte[] error = utf8("{\"error\":{\"code\":" + failure.code() + ",\"err_code\":" + failure.errCode()
                + ",\"description\":\"" + escape(failure.description()) + "\"}");
        put(error, error.length);
        put(failureSuffix, failureSuffix.length);
        return length;
    }

    private void start(final long seq) {
        length = 0;
        put(prefix, prefix.length);
        room(LONGEST_NUMBER);
        long rest = seq;
        int at = length;
        do {
            bytes[at++] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        for (int low = length, high = at - 1; low < high; low++, high--) {
            final byte swapped = bytes[low];
            bytes[low] = bytes[high];
            bytes[high] = swapped;
        }
        length = at;
    }

    private int end() {
        room(1);
        bytes[length++] = '}';
        return length;
    }

    private void put(final byte[] source, final int count) {
        room(count);
        System.arraycopy(source, 0, bytes, length, count);
        length += count;
    }

    private void room(final int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(SMALLEST, Math.max(bytes.length * 2, length + count)));
            buffer = ByteBuffer.wrap(bytes);
        }
    }

    private static String escape(final String text) {
        final StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '>' || c == '&') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

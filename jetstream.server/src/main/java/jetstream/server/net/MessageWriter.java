package jetstream.server.net;

import java.nio.charset.StandardCharsets;
import jetstream.server.protocol.ProtocolWriter;
import jetstream.server.route.Msg;

/** Writes MSG and HMSG into a connection's output. No state; node thread. */
final class MessageWriter {
    private static final byte[] NO_RESPONDERS_STATUS =
            "NATS/1.0 503\r\nNats-Subject: ".getBytes(StandardCharsets.US_ASCII);

    private MessageWriter() {
    }

    /**
     * Writes a message.
     *
     * @param output      target
     * @param msg         message
     * @param sid         subscription
     * @param withHeaders whether the receiver understands headers; if not, only the payload is sent
     * @return bytes of header block and payload that were sent
     */
    static int write(final ConnectionOutput output, final Msg msg, final byte[] sid, final boolean withHeaders) {
        final int headers = msg.headersLength();
        final boolean isHmsg = headers > 0 && withHeaders;
        final int from = isHmsg ? 0 : headers;
        final int length = msg.totalLength() - from;
        final boolean isLarge = ConnectionOutput.isLarge(length);
        final int lineMax = ProtocolWriter.LINE_OVERHEAD + 2 * ProtocolWriter.DIGITS_MAX
                + msg.subjectLength() + sid.length + msg.replyLength();
        final byte[] out = output.reserve(isLarge ? lineMax : lineMax + length + 2);
        int p = line(out, output.position(), msg, sid, isHmsg);
        p = from == 0 && msg.sizeTextLength() > 0
                ? writtenSizes(out, p, msg, isHmsg)
                : sizes(out, p, headers, length, isHmsg);
        p = ProtocolWriter.lineEnd(out, p);
        if (isLarge) {
            output.position(p);
            output.largeBody(msg, from, length);
        } else {
            msg.copyBody(from, out, p, length);
            output.position(ProtocolWriter.lineEnd(out, p + length));
        }
        return length;
    }

    /**
     * Tells a requester that nobody took its request.
     *
     * @param output  target
     * @param request what nobody took
     * @param sid     subscription of the requester that gets its replies
     * @return bytes of the header block
     */
    static int writeNoResponders(final ConnectionOutput output, final Msg request, final byte[] sid) {
        final int size = NO_RESPONDERS_STATUS.length + request.subjectLength() + 4;
        final byte[] out = output.reserve(ProtocolWriter.LINE_OVERHEAD + 2 * ProtocolWriter.DIGITS_MAX
                + request.replyLength() + sid.length + size + 2);
        int p = ProtocolWriter.verb(out, output.position(), true);
        p = ProtocolWriter.bytes(out, p, request.reply(), request.replyLength());
        out[p++] = ' ';
        p = ProtocolWriter.bytes(out, p, sid, sid.length);
        out[p++] = ' ';
        p = ProtocolWriter.lineEnd(out, sizes(out, p, size, size, true));
        p = ProtocolWriter.bytes(out, p, NO_RESPONDERS_STATUS, NO_RESPONDERS_STATUS.length);
        p = ProtocolWriter.bytes(out, p, request.subject(), request.subjectLength());
        p = ProtocolWriter.lineEnd(out, ProtocolWriter.lineEnd(out, p));
        output.position(ProtocolWriter.lineEnd(out, p));
        return size;
    }

    private static int line(final byte[] out, final int position, final Msg msg, final byte[] sid,
            final boolean isHmsg) {
        int p = ProtocolWriter.verb(out, position, isHmsg);
        p = ProtocolWriter.bytes(out, p, msg.subject(), msg.subjectLength());
        out[p++] = ' ';
        p = ProtocolWriter.bytes(out, p, sid, sid.length);
        out[p++] = ' ';
        if (msg.replyLength() > 0) {
            p = ProtocolWriter.bytes(out, p, msg.reply(), msg.replyLength());
            out[p++] = ' ';
        } else if (msg.isFromServer()) {
            // The reference writes its empty reply too; tools compare the bytes (spec/client-protocol.md section 4).
            out[p++] = ' ';
        }
        return p;
    }

    private static int sizes(final byte[] out, final int position, final int headers, final int length,
            final boolean isHmsg) {
        int p = position;
        if (isHmsg) {
            p = ProtocolWriter.number(out, p, headers);
            out[p++] = ' ';
        }
        return ProtocolWriter.number(out, p, length);
    }

    /** The digits as the publisher wrote them: {@code 007} stays {@code 007}. */
    private static int writtenSizes(final byte[] out, final int position, final Msg msg, final boolean isHmsg) {
        int p = position;
        final byte[] text = msg.sizeText();
        if (isHmsg) {
            System.arraycopy(text, msg.headerTextFrom(), out, p, msg.headerTextLength());
            p += msg.headerTextLength();
            out[p++] = ' ';
        }
        System.arraycopy(text, msg.sizeTextFrom(), out, p, msg.sizeTextLength());
        return p + msg.sizeTextLength();
    }
}

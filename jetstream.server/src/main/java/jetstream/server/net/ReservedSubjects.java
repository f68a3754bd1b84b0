package jetstream.server.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Subjects that clients must not publish to, or not use as a reply. */
final class ReservedSubjects {
    private static final byte[] GATEWAY_REPLY = bytes("_GR_.");
    private static final byte[] OLD_GATEWAY_REPLY = bytes("$GR.");
    private static final byte[] RAFT_GROUP = bytes("$NRG.");
    private static final byte[] SERVICE_REPLY = bytes("_R_.");
    private static final byte[] ACK = bytes("$JS.ACK.");

    private ReservedSubjects() {
    }

    static boolean isReserved(final byte[] subject, final int length, final boolean isSystemAccount) {
        if (length == 0 || subject[0] != '_' && subject[0] != '$') {
            return false;
        }
        return isGatewayReply(subject, length) || !isSystemAccount && startsWith(subject, length, RAFT_GROUP);
    }

    static boolean isReservedReply(final byte[] reply, final int length) {
        if (reply[0] != '_' && reply[0] != '$') {
            return false;
        }
        return startsWith(reply, length, SERVICE_REPLY) || startsWith(reply, length, ACK)
                || isGatewayReply(reply, length);
    }

    private static boolean isGatewayReply(final byte[] subject, final int length) {
        return startsWith(subject, length, GATEWAY_REPLY) || startsWith(subject, length, OLD_GATEWAY_REPLY);
    }

    private static boolean startsWith(final byte[] subject, final int length, final byte[] prefix) {
        return length >= prefix.length && Arrays.equals(subject, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

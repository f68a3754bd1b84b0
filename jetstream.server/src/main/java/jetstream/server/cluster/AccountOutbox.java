package jetstream.server.cluster;

import java.nio.ByteBuffer;
import jetstream.engine.Outbox;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;
import jetstream.server.route.SubjectRouter;

/** Publishes what the engine sends into an account's subjects. Owner: the node thread. */
public final class AccountOutbox implements Outbox {
    private final SubjectRouter router;
    private final Account account;
    private final Msg msg = new Msg();
    private ByteBuffer joined = ByteBuffer.allocate(1024);

    /** An outbox of that account. */
    public AccountOutbox(final SubjectRouter router, final Account account) {
        this.router = router;
        this.account = account;
    }

    @Override
    public boolean publish(final byte[] subject, final int subjectLength, final byte[] reply, final int replyLength,
            final ByteBuffer headers, final int headersOffset, final int headersLength, final ByteBuffer payload,
            final int payloadOffset, final int payloadLength) {
        msg.clear().subject(subject, 0, subjectLength).reply(reply, 0, replyLength);
        body(headers, headersOffset, headersLength, payload, payloadOffset, payloadLength);
        return router.publish(account, msg) > 0;
    }

    @Override
    public boolean deliver(final byte[] deliverSubject, final int deliverSubjectLength, final byte[] subject,
            final int subjectLength, final byte[] reply, final int replyLength, final ByteBuffer headers,
            final int headersOffset, final int headersLength, final ByteBuffer payload, final int payloadOffset,
            final int payloadLength) {
        msg.clear().subject(subject, 0, subjectLength).target(deliverSubject, 0, deliverSubjectLength)
                .reply(reply, 0, replyLength);
        body(headers, headersOffset, headersLength, payload, payloadOffset, payloadLength);
        return router.publish(account, msg) > 0;
    }

    /** One view if headers and payload lie behind one another, as in a stored message; else a copy of both. */
    private void body(final ByteBuffer headers, final int headersOffset, final int headersLength,
            final ByteBuffer payload, final int payloadOffset, final int payloadLength) {
        if (headersLength == 0) {
            msg.body(payload, payloadOffset, 0, payloadLength);
        } else if (headers == payload && headersOffset + headersLength == payloadOffset) {
            msg.body(headers, headersOffset, headersLength, headersLength + payloadLength);
        } else {
            if (joined.capacity() < headersLength + payloadLength) {
                joined = ByteBuffer.allocate(Integer.highestOneBit(headersLength + payloadLength) * 2);
            }
            joined.put(0, headers, headersOffset, headersLength);
            joined.put(headersLength, payload, payloadOffset, payloadLength);
            msg.body(joined, 0, headersLength, headersLength + payloadLength);
        }
    }

    @Override
    public boolean hasInterest(final byte[] subject, final int length) {
        return router.hasInterest(account, subject, length);
    }

    @Override
    public boolean isCongested(final byte[] subject, final int length) {
        return router.isCongested(account, subject, length);
    }
}

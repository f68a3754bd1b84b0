package jetstream.server.admin;

import java.nio.charset.StandardCharsets;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.shard.ConsumerReplica;
import jetstream.engine.shard.StreamReplica;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;
import jetstream.server.route.SubjectRouter;

/**
 * Requests that are subscriptions of the asset itself, so that a missing asset has no responders: direct gets and
 * consumer resets. Owner: the node thread.
 */
public final class AssetRequests {
    private static final String RESET = "consumer_reset_response";

    private final DirectGet directGet;
    private InfoJson info;
    private ApiReplies replies;

    /** Answers over that router. */
    public AssetRequests(final SubjectRouter router) {
        directGet = new DirectGet(router);
    }

    /** Sets what writes and counts answers; before any asset is there. */
    public void info(final InfoJson newInfo, final ApiReplies newReplies) {
        info = newInfo;
        replies = newReplies;
    }

    /** A direct get; {@code subject} is the tail of a request by subject, or null. */
    public void directGet(final Account account, final StreamReplica stream, final String subject, final Msg request) {
        if (!stream.engine().isReadable()) {
            return; // being filled from a peer: another replica's answer, or a repeated request, will do
        }
        final String reply = new String(request.reply(), 0, request.replyLength(), StandardCharsets.UTF_8);
        if (subject == null) {
            directGet.byBody(account, stream, reply, body(request));
        } else {
            directGet.bySubject(account, stream, reply, subject, body(request));
        }
    }

    /** A request to start a consumer again. */
    public void reset(final Account account, final ConsumerReplica consumer, final Msg request) {
        final String reply = new String(request.reply(), 0, request.replyLength(), StandardCharsets.UTF_8);
        final ApiRequest asked = new ApiRequest(account, "", new String[0], body(request), reply, "", request.origin());
        try {
            final JsonObject body = asked.optional();
            final ApiFailure failure =
                    consumer.reset(body.integer("seq", 0), resetSeq -> replies.ok(asked, RESET, t -> {
                        info.consumer(t, consumer);
                        t.put("reset_seq", resetSeq);
                    }));
            if (failure != null) {
                replies.fail(asked, RESET, failure, t -> t.put("reset_seq", 0));
            }
        } catch (final JsonException e) {
            replies.fail(asked, RESET, ApiError.INVALID_JSON.with(e.getMessage()), t -> t.put("reset_seq", 0));
        }
    }

    private static byte[] body(final Msg msg) {
        final byte[] body = new byte[msg.totalLength() - msg.headersLength()];
        msg.bodyBuffer().get(msg.bodyOffset() + msg.headersLength(), body);
        return body;
    }
}

package jetstream.server.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.shard.StreamReplica;
import jetstream.engine.stream.MessageLookup;
import jetstream.engine.stream.MessageView;
import jetstream.engine.stream.StreamReader;
import jetstream.engine.subject.FilterSet;

/** Requests that the stream's leader answers. Owner: the node thread. */
final class MessageApi {
    static final String INFO = "stream_info_response";
    private static final String PURGE = "stream_purge_response";
    private static final String MSG_DELETE = "stream_msg_delete_response";
    static final String MSG_GET = "stream_msg_get_response";
    private static final String STEPDOWN = "stream_leader_stepdown_response";
    private static final int SUBJECTS_PAGE = 100_000;

    private final AdminContext context;
    private final ApiReplies replies;
    private final InfoJson info;
    private final MessageView view = new MessageView();

    MessageApi(final AdminContext context, final ApiReplies replies, final InfoJson info) {
        this.context = context;
        this.replies = replies;
        this.info = info;
    }

    void info(final ApiRequest request, final StreamReplica stream) {
        try {
            final JsonObject body = request.optional();
            final boolean deleted = body.bool("deleted_details", false);
            final String filter = body.string("subjects_filter", "");
            final int offset = (int) Math.max(0, body.integer("offset", 0));
            if (filter.isEmpty()) {
                replies.ok(request, INFO, t -> {
                    info.stream(t, stream, new InfoJson.StateDetails(deleted, null, true));
                    t.put("total", 0).put("offset", 0).put("limit", 0);
                });
                return;
            }
            final MessageLookup.SubjectPage page = new MessageLookup(stream.engine())
                    .subjects(FilterSet.of(List.of(filter)), offset, SUBJECTS_PAGE);
            replies.ok(request, INFO, t -> {
                info.stream(t, stream, new InfoJson.StateDetails(deleted, page.counts(), true));
                t.put("total", page.total()).put("offset", offset).put("limit", SUBJECTS_PAGE);
            });
        } catch (final JsonException e) {
            replies.fail(request, INFO, ApiError.INVALID_JSON.with(e.getMessage()),
                    t -> t.put("total", 0).put("offset", 0).put("limit", 0));
        }
    }

    void purge(final ApiRequest request, final StreamReplica stream) {
        try {
            final JsonObject body = request.optional();
            final String filter = body.string("filter", "");
            final long seq = body.integer("seq", 0);
            final long keep = body.integer("keep", 0);
            rejectUnknown(body);
            if (seq != 0 && keep != 0) {
                failPurge(request, ApiError.BAD_REQUEST.failure());
            } else if (stream.engine().config().sealed()) {
                failPurge(request, ApiError.STREAM_SEALED.failure());
            } else if (stream.engine().config().denyPurge()) {
                failPurge(request, ApiError.STREAM_PURGE_FAILED.with("stream purge not permitted"));
            } else {
                stream.purge(filter.getBytes(StandardCharsets.UTF_8), seq, keep, (failure, count) -> {
                    if (failure != null) {
                        failPurge(request, failure);
                    } else {
                        replies.ok(request, PURGE, t -> t.put("success", true).put("purged", count));
                    }
                });
            }
        } catch (final JsonException e) {
            failPurge(request, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private void failPurge(final ApiRequest request, final ApiFailure failure) {
        replies.fail(request, PURGE, failure, t -> t.put("purged", 0));
    }

    private void rejectUnknown(final JsonObject body) {
        if (context.config().jetStream().strict()) {
            body.rejectUnknown();
        }
    }

    void deleteMessage(final ApiRequest request, final StreamReplica stream) {
        if (request.isEmpty()) {
            replies.fail(request, MSG_DELETE, ApiError.BAD_REQUEST.failure());
            return;
        }
        try {
            final JsonObject body = request.object();
            final long seq = body.integer("seq", 0);
            final boolean erase = !body.bool("no_erase", false);
            rejectUnknown(body);
            if (stream.engine().config().sealed()) {
                replies.fail(request, MSG_DELETE, ApiError.STREAM_SEALED.failure());
            } else if (stream.engine().config().denyDelete()) {
                replies.fail(request, MSG_DELETE,
                        ApiError.STREAM_MSG_DELETE_FAILED.with("message delete not permitted"));
            } else {
                stream.deleteMessage(seq, erase, (failure, none) -> {
                    if (failure != null) {
                        replies.fail(request, MSG_DELETE, failure);
                    } else {
                        replies.ok(request, MSG_DELETE, t -> t.put("success", true));
                    }
                });
            }
        } catch (final JsonException e) {
            replies.fail(request, MSG_DELETE, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    void getMessage(final ApiRequest request, final StreamReplica stream) {
        if (request.isEmpty()) {
            replies.fail(request, MSG_GET, ApiError.BAD_REQUEST.failure());
            return;
        }
        try {
            final JsonObject body = request.object();
            final MessageQuery query = MessageQuery.read(body);
            final boolean noHeaders = body.bool("no_hdr", false);
            rejectUnknown(body);
            if (!query.isValidForGet()) {
                replies.fail(request, MSG_GET, ApiError.BAD_REQUEST.failure());
                return;
            }
            final long seq = query.find(stream.engine());
            if (seq == 0 || !stream.engine().message(seq, view)) {
                // Damaged and being fetched from a peer, or not there.
                replies.fail(request, MSG_GET, (stream.engine().isReadable() ? ApiError.NO_MESSAGE_FOUND
                        : ApiError.CLUSTER_NOT_AVAIL).failure());
                return;
            }
            replies.ok(request, MSG_GET, t -> t.object("message", m -> message(m, seq, noHeaders)));
        } catch (final JsonException e) {
            replies.fail(request, MSG_GET, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private void message(final JsonText t, final long seq, final boolean noHeaders) {
        t.put("subject", new String(bytes(view.subjectOffset(), view.subjectLength()), StandardCharsets.UTF_8));
        t.put("seq", seq);
        if (view.headersLength() > 0 && !noHeaders) {
            t.put("hdrs", base64(view.headersOffset(), view.headersLength()));
        }
        if (view.payloadLength() > 0) {
            t.put("data", base64(view.payloadOffset(), view.payloadLength()));
        }
        t.put("time", JsonText.time(view.timestampEpochNs()));
    }

    private String base64(final int offset, final int length) {
        return Base64.getEncoder().encodeToString(bytes(offset, length));
    }

    private byte[] bytes(final int offset, final int length) {
        final byte[] bytes = new byte[length];
        final ByteBuffer buffer = view.buffer();
        buffer.get(offset, bytes);
        return bytes;
    }

    void stepDown(final ApiRequest request, final StreamReplica stream) {
        Stepdown.answer(context, replies, request, STEPDOWN, stream.group(), stream.assignment().peers());
    }

    /**
     * Which message is asked for.
     *
     * @param seq by sequence, or where to start; 0 if not given
     * @param lastBySubject newest of a pattern; empty if not given
     * @param nextBySubject next of a pattern; empty if not given
     * @param startTime first at or after; null if not given
     * @param isBatch whether a batch was asked for
     */
    record MessageQuery(long seq, String lastBySubject, String nextBySubject, Instant startTime, boolean isBatch) {
        static MessageQuery read(final JsonObject body) {
            return new MessageQuery(body.integer("seq", 0), body.string("last_by_subj", ""),
                    body.string("next_by_subj", ""), body.time("start_time"),
                    body.integer("batch", 0) > 0 || body.integer("max_bytes", 0) > 0);
        }

        boolean isValidForGet() {
            final boolean anything =
                    seq > 0 || !lastBySubject.isEmpty() || !nextBySubject.isEmpty() || startTime != null;
            final boolean conflict = seq > 0 && (!lastBySubject.isEmpty() || startTime != null)
                    || !lastBySubject.isEmpty() && (startTime != null || !nextBySubject.isEmpty());
            return anything && !conflict && !isBatch;
        }

        long find(final StreamReader reader) {
            if (!lastBySubject.isEmpty()) {
                return reader.last(FilterSet.of(List.of(lastBySubject)));
            }
            final long from = startTime == null ? Math.max(seq, 1)
                    : reader.seqAtTime(startTime.getEpochSecond() * 1_000_000_000L + startTime.getNano());
            if (!nextBySubject.isEmpty()) {
                return next(reader, FilterSet.of(List.of(nextBySubject)), from);
            }
            return startTime == null ? seq : next(reader, FilterSet.ALL, from);
        }

        static long next(final StreamReader reader, final FilterSet filter, final long from) {
            long found = reader.next(filter, from);
            while (found < 0) {
                found = reader.next(filter, -found);
            }
            return found;
        }
    }
}

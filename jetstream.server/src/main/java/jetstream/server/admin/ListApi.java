package jetstream.server.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jetstream.api.error.ApiError;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.ConsumerAssignment;
import jetstream.engine.meta.MetaState;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.meta.Subjects;

/**
 * Names and lists: the meta leader answers. Names come from its own state; lists gather what the leaders of the assets
 * on other servers know ({@link PeerGather}). Owner: the node thread.
 */
final class ListApi {
    static final String STREAM_NAMES = "stream_names_response";
    static final String STREAM_LIST = "stream_list_response";
    static final String CONSUMER_NAMES = "consumer_names_response";
    static final String CONSUMER_LIST = "consumer_list_response";
    private static final int NAMES_PAGE = 1024;
    private static final int LIST_PAGE = 256;

    private final AdminContext context;
    private final ApiReplies replies;
    private final PeerGather gather;

    ListApi(final AdminContext context, final ApiReplies replies, final PeerGather gather) {
        this.context = context;
        this.replies = replies;
        this.gather = gather;
    }

    private MetaState state() {
        return context.shard().meta().state();
    }

    private void page(final JsonText t, final int total, final int offset, final int limit) {
        t.put("total", total).put("offset", offset).put("limit", limit);
    }

    void streamNames(final ApiRequest request) {
        try {
            final JsonObject body = request.optional();
            final List<StreamAssignment> all = streams(request, body.string("subject", ""));
            final int offset = offset(body, all.size());
            final List<String> names = all.stream().skip(offset).limit(NAMES_PAGE).map(StreamAssignment::name).toList();
            replies.ok(request, STREAM_NAMES, t -> {
                page(t, all.size(), offset, NAMES_PAGE);
                if (names.isEmpty()) {
                    t.nothing("streams");
                } else {
                    t.strings("streams", names);
                }
            });
        } catch (final JsonException e) {
            replies.fail(request, STREAM_NAMES, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    void streamList(final ApiRequest request) {
        try {
            final JsonObject body = request.optional();
            final List<StreamAssignment> all = streams(request, body.string("subject", ""));
            final int offset = offset(body, all.size());
            final List<StreamAssignment> wanted = all.stream().skip(offset).limit(LIST_PAGE).toList();
            final List<String> names = wanted.stream().map(StreamAssignment::name).toList();
            gather.streams(request.account().name(), names, found -> replies.ok(request, STREAM_LIST, t -> {
                page(t, all.size(), offset, LIST_PAGE);
                write(t, "streams", names, found);
            }));
        } catch (final JsonException e) {
            replies.fail(request, STREAM_LIST, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private static void write(final JsonText t, final String key, final List<String> names,
            final Map<String, byte[]> found) {
        t.rawObjects(key, new TreeMap<>(found).values());
        final List<String> missing = new ArrayList<>(names);
        missing.removeAll(found.keySet());
        if (!missing.isEmpty()) {
            t.strings("missing", missing);
        }
    }

    private List<StreamAssignment> streams(final ApiRequest request, final String filter) {
        return state().streams(request.account().name()).stream().filter(s -> filter.isEmpty()
                || s.config().subjects().stream().anyMatch(subject -> Subjects.overlap(subject, filter))
                || s.config().subjects().isEmpty() && Subjects.overlap(s.name(), filter)).toList();
    }

    void consumerNames(final ApiRequest request) {
        final List<ConsumerAssignment> all = consumers(request, CONSUMER_NAMES);
        if (all == null) {
            return;
        }
        try {
            final int offset = offset(request.optional(), all.size());
            final List<String> names =
                    all.stream().skip(offset).limit(NAMES_PAGE).map(ConsumerAssignment::name).toList();
            replies.ok(request, CONSUMER_NAMES, t -> {
                page(t, all.size(), offset, NAMES_PAGE);
                t.strings("consumers", names);
            });
        } catch (final JsonException e) {
            replies.fail(request, CONSUMER_NAMES, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    void consumerList(final ApiRequest request) {
        final List<ConsumerAssignment> all = consumers(request, CONSUMER_LIST);
        if (all == null) {
            return;
        }
        try {
            final int offset = offset(request.optional(), all.size());
            final List<String> names =
                    all.stream().skip(offset).limit(LIST_PAGE).map(ConsumerAssignment::name).toList();
            gather.consumers(request.account().name(), request.token(2), names,
                    found -> replies.ok(request, CONSUMER_LIST, t -> {
                        page(t, all.size(), offset, LIST_PAGE);
                        write(t, "consumers", names, found);
                    }));
        } catch (final JsonException e) {
            replies.fail(request, CONSUMER_LIST, ApiError.INVALID_JSON.with(e.getMessage()));
        }
    }

    private List<ConsumerAssignment> consumers(final ApiRequest request, final String type) {
        if (state().stream(request.account().name(), request.token(2)) == null) {
            replies.fail(request, type, ApiError.STREAM_NOT_FOUND.failure());
            return null;
        }
        return state().consumers(request.account().name(), request.token(2)).stream().filter(c -> !c.config().direct())
                .toList();
    }

    private static int offset(final JsonObject body, final int total) {
        return Math.clamp(body.integer("offset", 0), 0, total);
    }
}

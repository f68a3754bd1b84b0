package jetstream.server.admin;

import jetstream.api.config.Storage;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.MetaState;
import jetstream.engine.meta.StreamAssignment;
import jetstream.engine.shard.StreamReplica;
import jetstream.server.conf.AccountJetStreamConfig;

/** Account information: what is used and what is allowed. Owner: the node thread. */
final class AccountApi {
    static final String INFO = "account_info_response";

    private final AdminContext context;
    private final ApiReplies replies;
    private final StreamApi.AccountBounds bounds;

    AccountApi(final AdminContext context, final ApiReplies replies, final StreamApi.AccountBounds bounds) {
        this.context = context;
        this.replies = replies;
        this.bounds = bounds;
    }

    void info(final ApiRequest request) {
        replies.ok(request, INFO, t -> write(t, request.account().name()));
    }

    private void write(final JsonText t, final String account) {
        final MetaState state = context.shard().meta().state();
        long memory = 0;
        long store = 0;
        // Every replica counts; those on other servers are taken to be as large as the one here.
        for (final StreamReplica stream : context.shard().streams(account)) {
            final long bytes = stream.engine().state().bytes() * stream.assignment().peers().size();
            memory += stream.assignment().config().storage() == Storage.MEMORY ? bytes : 0;
            store += stream.assignment().config().storage() == Storage.FILE ? bytes : 0;
        }
        int consumers = 0;
        for (final StreamAssignment stream : state.streams(account)) {
            consumers += state.consumerCount(account, stream.name());
        }
        t.put("memory", memory).put("storage", store)
                .put("reserved_memory", state.reservedBytes(account, Storage.MEMORY))
                .put("reserved_storage", state.reservedBytes(account, Storage.FILE))
                .put("streams", state.streamCount(account)).put("consumers", consumers);
        t.object("limits", l -> limits(l, bounds.limits(account)));
        t.opt("domain", context.domain());
        // "total" counts the calls before this one, which is counted already.
        final ApiReplies.Counts counts = replies.counts(account);
        t.object("api", a -> a.put("level", AdminContext.API_LEVEL).put("total", counts.total() - 1)
                .put("errors", counts.errors()));
    }

    private static void limits(final JsonText t, final AccountJetStreamConfig limits) {
        t.put("max_memory", limits.maxMemoryBytes()).put("max_storage", limits.maxStoreBytes())
                .put("max_streams", limits.maxStreams()).put("max_consumers", limits.maxConsumers())
                .put("max_ack_pending", limits.streams().maxAckPending())
                .put("memory_max_stream_bytes", limits.streams().memoryMaxStreamBytes())
                .put("storage_max_stream_bytes", limits.streams().diskMaxStreamBytes())
                .put("max_bytes_required", limits.streams().maxBytesRequired());
    }
}

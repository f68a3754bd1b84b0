package jetstream.server.admin;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import jetstream.api.error.ApiFailure;
import jetstream.engine.json.JsonText;
import jetstream.engine.meta.Origin;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;
import jetstream.server.route.SubjectRouter;

/** Sends answers of the API and counts them. Owner: the node thread. */
public final class ApiReplies {
    private static final String TYPE_PREFIX = "io.nats.jetstream.api.v1.";

    private final SubjectRouter router;
    private final Map<String, Counts> counts = new HashMap<>();
    private final Msg msg = new Msg();

    ApiReplies(final SubjectRouter router) {
        this.router = router;
    }

    /** Answered calls and errors of an account. */
    public static final class Counts {
        private long total;
        private long errors;

        /** Answered calls. */
        public long total() {
            return total;
        }

        /** Answers that were errors. */
        public long errors() {
            return errors;
        }
    }

    /** Counts of an account. */
    public Counts counts(final String account) {
        return counts.computeIfAbsent(account, a -> new Counts());
    }

    /** Answered calls and errors of all accounts. */
    public Counts totals() {
        final Counts sum = new Counts();
        counts.values().forEach(c -> {
            sum.total += c.total;
            sum.errors += c.errors;
        });
        return sum;
    }

    /** Answers with members behind the type. */
    void ok(final ApiRequest request, final String type, final Consumer<JsonText> members) {
        ok(request.account(), request.reply(), type, members);
    }

    /** Answers somebody who waited for a decision. */
    void ok(final Account account, final Origin origin, final Consumer<JsonText> members) {
        ok(account, origin.reply(), origin.response(), members);
    }

    private void ok(final Account account, final String reply, final String type, final Consumer<JsonText> members) {
        counts(account.name()).total++;
        send(account, reply, JsonText.object(t -> {
            t.put("type", TYPE_PREFIX + type);
            members.accept(t);
        }));
    }

    /** Answers with an error. */
    void fail(final ApiRequest request, final String type, final ApiFailure failure) {
        fail(request.account(), request.reply(), type, failure, t -> {});
    }

    /** Answers with an error and members that are there all the same. */
    void fail(final ApiRequest request, final String type, final ApiFailure failure, final Consumer<JsonText> members) {
        fail(request.account(), request.reply(), type, failure, members);
    }

    /** Answers somebody who waited for a decision that was refused. */
    void fail(final Account account, final Origin origin, final ApiFailure failure) {
        fail(account, origin.reply(), origin.response(), failure, t -> {});
    }

    private void fail(final Account account, final String reply, final String type, final ApiFailure failure,
            final Consumer<JsonText> members) {
        final Counts ofAccount = counts(account.name());
        ofAccount.total++;
        ofAccount.errors++;
        send(account, reply, JsonText.object(t -> {
            t.put("type", TYPE_PREFIX + type);
            error(t, failure);
            members.accept(t);
        }));
    }

    static void error(final JsonText t, final ApiFailure failure) {
        t.object("error", e -> e.put("code", failure.code()).put("err_code", failure.errCode())
                .put("description", failure.description()));
    }

    private void send(final Account account, final String reply, final byte[] json) {
        if (!reply.isEmpty()) {
            publish(account, reply, "", json);
        }
    }

    /** Publishes a message of the server's own. */
    void publish(final Account account, final String subject, final String headers, final byte[] payload) {
        final byte[] block = headers.getBytes(StandardCharsets.UTF_8);
        final byte[] body = new byte[block.length + payload.length];
        System.arraycopy(block, 0, body, 0, block.length);
        System.arraycopy(payload, 0, body, block.length, payload.length);
        router.publish(account, msg.clear().subject(subject).body(body, 0, block.length, body.length));
    }
}

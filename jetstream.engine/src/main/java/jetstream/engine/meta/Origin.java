package jetstream.engine.meta;

import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;

/**
 * Who asked for a change and waits for an answer. Travels in the entry, so that the leader of the asset can answer.
 *
 * @param reply reply subject; empty if nobody waits
 * @param response response type, for instance {@code stream_create_response}
 * @param request subject of the request, for the audit advisory
 * @param account account of the reply subject; empty if it is the asset's
 * @param byMeta whether the meta leader answers, once it is decided, instead of the asset's leader
 */
public record Origin(String reply, String response, String request, String account, boolean byMeta) {
    /** Nobody waits. */
    public static final Origin NOBODY = new Origin("", "", "");

    /** Somebody of the asset's account, who is answered by its leader. */
    public Origin(final String reply, final String response, final String request) {
        this(reply, response, request, "", false);
    }

    /** The same, answered by the meta leader. */
    public Origin toMeta() {
        return new Origin(reply, response, request, account, true);
    }

    /** The same, of that account. */
    public Origin of(final String newAccount) {
        return new Origin(reply, response, request, newAccount, byMeta);
    }

    /** Whether somebody waits. */
    public boolean waits() {
        return !reply.isEmpty();
    }

    static Origin read(final JsonObject o) {
        return o == null ? NOBODY : new Origin(o.string("reply", ""), o.string("response", ""),
                o.string("request", ""), o.string("account", ""), o.bool("meta", false));
    }

    void write(final JsonText t) {
        t.put("reply", reply).put("response", response).put("request", request).opt("account", account).opt("meta",
                byMeta);
    }
}

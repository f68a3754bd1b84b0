package jetstream.engine.meta;

import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;

/**
 * Who asked for a change and waits for an answer. Travels in the entry, so that the leader of the asset can answer.
 *
 * @param reply reply subject in the asset's account; empty if nobody waits
 * @param response response type, for instance {@code stream_create_response}
 * @param request subject of the request, for the audit advisory
 */
public record Origin(String reply, String response, String request) {
    /** Nobody waits. */
    public static final Origin NOBODY = new Origin("", "", "");

    /** Whether somebody waits. */
    public boolean waits() {
        return !reply.isEmpty();
    }

    static Origin read(final JsonObject o) {
        return o == null ? NOBODY
                : new Origin(o.string("reply", ""), o.string("response", ""), o.string("request", ""));
    }

    void write(final JsonText t) {
        t.put("reply", reply).put("response", response).put("request", request);
    }
}

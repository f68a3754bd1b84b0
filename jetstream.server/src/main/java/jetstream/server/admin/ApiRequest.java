package jetstream.server.admin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jetstream.engine.json.JsonObject;
import jetstream.engine.meta.Origin;
import jetstream.server.route.Account;

/**
 * One request of the JetStream API, copied out of its message.
 *
 * @param account whose assets it is about
 * @param subject its subject
 * @param tokens the subject's tokens behind {@code $JS.API}
 * @param body its payload
 * @param reply where the answer goes; empty if nobody waits
 * @param headers its header block as text; empty if none
 * @param client the requester as advisories show it; null if it is on another server
 */
record ApiRequest(Account account, String subject, String[] tokens, byte[] body, String reply, String headers,
        jetstream.server.route.Origin client) {
    private static final String REQUIRED_LEVEL = "Nats-Required-Api-Level:";

    /** Token at that place behind {@code $JS.API}; empty if there is none. */
    String token(final int place) {
        return place < tokens.length ? tokens[place] : "";
    }

    /** Tokens from that place on, as a subject. */
    String tail(final int place) {
        return String.join(".", Arrays.copyOfRange(tokens, place, tokens.length));
    }

    /** Whether the body says nothing: no bytes, or an object without members. */
    boolean isEmpty() {
        final String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.isEmpty()
                || text.startsWith("{") && text.endsWith("}") && text.substring(1, text.length() - 1).isBlank();
    }

    /** The body as an object; an empty body is an empty object, and so is one that does not start like JSON. */
    JsonObject optional() {
        final String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.startsWith("{") || text.startsWith("[") ? JsonObject.parse(text) : JsonObject.parse("{}");
    }

    /** The body as an object. */
    JsonObject object() {
        return JsonObject.parse(body);
    }

    /** This request as the one who waits for a decision's answer. */
    Origin origin(final String type) {
        return new Origin(reply, type, subject);
    }

    /** Whether the client demands a higher API level than this server has. */
    boolean demandsLevelAbove(final int level) {
        final int at = headers.indexOf(REQUIRED_LEVEL);
        if (at < 0) {
            return false;
        }
        final int end = headers.indexOf('\r', at);
        final String value = headers.substring(at + REQUIRED_LEVEL.length(), end < 0 ? headers.length() : end).strip();
        return !value.chars().allMatch(Character::isDigit) || value.isEmpty() || value.length() > 9
                || Integer.parseInt(value) > level;
    }
}

package jetstream.engine.consumer;

import java.nio.charset.StandardCharsets;

/**
 * Reads the body of a pull request (spec/consumers.md section 7): nothing, a bare number, or a flat JSON object whose
 * unknown fields are skipped. Scans the bytes itself: a request may come per message, and a parser object per request
 * was the largest piece of garbage on that path. Reused. Owner: the shard thread.
 */
final class PullRequestDecoder {
    private byte[] body = new byte[256];
    private int at;
    private int end;
    private String error = "";

    long batch;
    long expiresNs;
    boolean isNoWait;
    long maxBytes;
    long heartbeatNs;
    String group = "";
    String id = "";
    long minPending;
    long minAckPending;
    long priority;
    boolean isJson;

    /** Why the last body was refused; empty if it was not. */
    String error() {
        return error;
    }

    /** Reads a body; false if {@link #error} says why not. */
    boolean decode(final ClientMessage message, final int from) {
        reset();
        final int length = message.payloadLength() - from;
        if (body.length < message.payloadLength()) {
            body = new byte[message.payloadLength()];
        }
        message.copyPayload(body);
        at = from;
        end = from + Math.max(0, length);
        trim();
        if (at == end) {
            return true;
        }
        if (body[at] != '{') {
            final long number = Decimal.parse(body, at, end);
            batch = number > 0 ? number : 1;
            return true;
        }
        isJson = true;
        if (!readObject()) {
            return false;
        }
        if (heartbeatNs > 0 && heartbeatNs > expiresNs / 2) {
            error = "heartbeat value too large";
            return false;
        }
        batch = Math.max(1, batch);
        return true;
    }

    private void reset() {
        error = "";
        batch = 1;
        expiresNs = 0;
        isNoWait = false;
        maxBytes = 0;
        heartbeatNs = 0;
        group = "";
        id = "";
        minPending = 0;
        minAckPending = 0;
        priority = 0;
        isJson = false;
    }

    private void trim() {
        skipBlanks();
        while (end > at && isBlank(body[end - 1])) {
            end--;
        }
    }

    private boolean readObject() {
        at++;
        skipBlanks();
        if (at < end && body[at] == '}') {
            at++;
            return isAtEnd();
        }
        while (at < end) {
            if (!readMember()) {
                return false;
            }
            skipBlanks();
            if (at < end && body[at] == '}') {
                at++;
                return isAtEnd();
            }
            if (!expect(',', "after object key:value pair")) {
                return false;
            }
        }
        return fail("unexpected end of JSON input");
    }

    private boolean isAtEnd() {
        skipBlanks();
        return at == end || failAt("after top-level value");
    }

    private boolean readMember() {
        skipBlanks();
        final int nameStart = at + 1;
        if (!skipString("looking for beginning of object key string")) {
            return false;
        }
        final int nameEnd = at - 1;
        if (!expect(':', "after object key")) {
            return false;
        }
        skipBlanks();
        return readField(nameStart, nameEnd);
    }

    private boolean readField(final int nameStart, final int nameEnd) {
        if (isName(nameStart, nameEnd, "batch")) {
            batch = readNumber("batch");
        } else if (isName(nameStart, nameEnd, "expires")) {
            expiresNs = readNumber("expires");
        } else if (isName(nameStart, nameEnd, "no_wait")) {
            isNoWait = readBoolean("no_wait");
        } else if (isName(nameStart, nameEnd, "max_bytes")) {
            maxBytes = readNumber("max_bytes");
        } else if (isName(nameStart, nameEnd, "idle_heartbeat")) {
            heartbeatNs = readNumber("idle_heartbeat");
        } else {
            return readPriorityField(nameStart, nameEnd);
        }
        return error.isEmpty();
    }

    private boolean readPriorityField(final int nameStart, final int nameEnd) {
        if (isName(nameStart, nameEnd, "group")) {
            group = readText("group");
        } else if (isName(nameStart, nameEnd, "id")) {
            id = readText("id");
        } else if (isName(nameStart, nameEnd, "min_pending")) {
            minPending = readNumber("min_pending");
        } else if (isName(nameStart, nameEnd, "min_ack_pending")) {
            minAckPending = readNumber("min_ack_pending");
        } else if (isName(nameStart, nameEnd, "priority")) {
            priority = readNumber("priority");
        } else {
            return skipValue(0);
        }
        return error.isEmpty();
    }

    private boolean isName(final int from, final int to, final String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (body[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private long readNumber(final String field) {
        if (skipWord("null")) {
            return 0;
        }
        final boolean isNegative = at < end && body[at] == '-';
        final int start = isNegative ? at + 1 : at;
        final int from = at;
        skipScalar();
        final long value = Decimal.parse(body, start, at);
        if (value < 0) {
            failNumber(from, field);
            return 0;
        }
        return isNegative ? -value : value;
    }

    private boolean readBoolean(final String field) {
        if (skipWord("true")) {
            return true;
        }
        if (!skipWord("false") && !skipWord("null")) {
            failNumber(at, field);
        }
        return false;
    }

    private String readText(final String field) {
        if (skipWord("null")) {
            return "";
        }
        if (at < end && body[at] != '"') {
            failNumber(at, field);
            return "";
        }
        final int from = at + 1;
        if (!skipString("looking for beginning of value")) {
            return "";
        }
        return new String(body, from, at - 1 - from, StandardCharsets.UTF_8);
    }

    private boolean skipValue(final int depth) {
        skipBlanks();
        if (at >= end || depth > 100) {
            return fail("unexpected end of JSON input");
        }
        final byte first = body[at];
        if (first == '"') {
            return skipString("looking for beginning of value");
        }
        if (first == '{' || first == '[') {
            return skipNested();
        }
        final int from = at;
        skipScalar();
        return at > from || failAt("looking for beginning of value");
    }

    /** Skips an object or array by counting brackets outside strings. */
    private boolean skipNested() {
        int open = 0;
        while (at < end) {
            final byte next = body[at];
            if (next == '"') {
                if (!skipString("in nested value")) {
                    return false;
                }
                continue;
            }
            open += next == '{' || next == '[' ? 1 : next == '}' || next == ']' ? -1 : 0;
            at++;
            if (open == 0) {
                return true;
            }
        }
        return fail("unexpected end of JSON input");
    }

    private boolean skipString(final String where) {
        if (at >= end) {
            return fail("unexpected end of JSON input");
        }
        if (body[at] != '"') {
            return failAt(where);
        }
        at++;
        while (at < end && body[at] != '"') {
            at += body[at] == '\\' ? 2 : 1;
        }
        if (at >= end) {
            return fail("unexpected end of JSON input");
        }
        at++;
        return true;
    }

    private void skipScalar() {
        while (at < end && body[at] != ',' && body[at] != '}' && body[at] != ']' && !isBlank(body[at])) {
            at++;
        }
    }

    private boolean skipWord(final String word) {
        if (end - at < word.length() || !isName(at, at + word.length(), word)) {
            return false;
        }
        at += word.length();
        return true;
    }

    private boolean expect(final char wanted, final String where) {
        skipBlanks();
        if (at >= end) {
            return fail("unexpected end of JSON input");
        }
        if (body[at] != wanted) {
            return failAt(where);
        }
        at++;
        return true;
    }

    private void skipBlanks() {
        while (at < end && isBlank(body[at])) {
            at++;
        }
    }

    private static boolean isBlank(final byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private void failNumber(final int from, final String field) {
        at = from;
        fail(at >= end ? "unexpected end of JSON input" : "invalid value for field " + field);
    }

    private boolean failAt(final String where) {
        return fail("invalid character '" + (char) (body[at] & 0xff) + "' " + where);
    }

    private boolean fail(final String why) {
        error = why;
        return false;
    }
}

package jetstream.server.protocol;

/**
 * Reads the client protocol out of a byte array and calls a {@link ClientHandler}. Holds no bytes: what is not a whole
 * operation yet is left in the caller's buffer and read again together with what follows, so any split of the input
 * gives the same calls. One per connection; owner: node thread. Allocates nothing.
 *
 * <p>Invariants: (I1) after an error or a refused call nothing more is read until the next {@link #parse}; (I2) the
 * returned position is never before {@code from} and never behind {@code to}; (I3) a payload byte is never looked at.
 */
public final class ClientParser {
    private static final int INCOMPLETE = -1;
    private static final int STOPPED = -2;
    private static final int TOKENS_MAX = 5;
    private static final int SIZE_DIGITS_MAX = 9;

    private final ClientHandler handler;
    private final int controlLineMax;
    private final PublishView view = new PublishView();
    private final int[] tokens = new int[TOKENS_MAX * 2];
    private int tokenCount;
    private boolean isSkippingLine;
    private int pendingLine;
    private int stoppedAt;
    private int needed;

    /**
     * Makes a parser.
     *
     * @param handler        receives the operations
     * @param controlLineMax largest number of bytes of an operation's arguments
     */
    public ClientParser(final ClientHandler handler, final int controlLineMax) {
        this.handler = handler;
        this.controlLineMax = controlLineMax;
    }

    /**
     * Reads operations until the input ends or the handler stops it.
     *
     * @param b    input
     * @param from first byte
     * @param to   end, exclusive
     * @return position behind the last operation that was read; the rest must be handed in again, followed by more
     */
    public int parse(final byte[] b, final int from, final int to) {
        int position = from;
        needed = 0;
        while (position < to) {
            final int next = isSkippingLine ? skipLine(b, position, to) : operation(b, position, to);
            if (next >= 0) {
                position = next;
            } else {
                return next == STOPPED ? stoppedAt : position;
            }
        }
        return position;
    }

    /**
     * How long the buffer must be, counted from the position that {@link #parse} returned, to hold the next operation.
     *
     * @return bytes; 0 if not known
     */
    public int neededBytes() {
        return needed;
    }

    private int operation(final byte[] b, final int p, final int to) {
        return switch (b[p] | 0x20) {
            case 'p' -> p + 1 < to && (b[p + 1] | 0x20) == 'u' ? publish(b, p, to, 0) : pingPong(b, p, to);
            case 'h' -> publish(b, p, to, 1);
            case 's' -> subscribe(b, p, to);
            case 'u' -> unsubscribe(b, p, to);
            case 'c' -> connect(b, p, to);
            case 'i' -> info(b, p, to);
            default -> switch (b[p]) {
                case '+' -> lineVerb(b, p, to, "+ok", '+');
                case '-' -> clientError(b, p, to);
                default -> fail(ProtocolError.UNKNOWN_OPERATION, to);
            };
        };
    }

    private int pingPong(final byte[] b, final int p, final int to) {
        if (p + 1 >= to) {
            return INCOMPLETE;
        }
        return (b[p + 1] | 0x20) == 'i' ? lineVerb(b, p, to, "ping", 'i') : lineVerb(b, p, to, "pong", 'o');
    }

    /** PING, PONG and +OK: all up to the line's end is ignored, however long. The call is made at the line's end. */
    private int lineVerb(final byte[] b, final int p, final int to, final String verb, final int kind) {
        final int after = verb(b, p, to, verb);
        if (after < 0) {
            return after;
        }
        pendingLine = kind;
        isSkippingLine = true;
        return skipLine(b, after, to);
    }

    private int skipLine(final byte[] b, final int from, final int to) {
        for (int i = from; i < to; i++) {
            if (b[i] == '\n') {
                isSkippingLine = false;
                final boolean goesOn = switch (pendingLine) {
                    case 'i' -> handler.onPing();
                    case 'o' -> handler.onPong();
                    default -> true;
                };
                return goesOn ? i + 1 : stop(i + 1);
            }
        }
        return to;
    }

    private int publish(final byte[] b, final int p, final int to, final int withHeaders) {
        final int after = verbAndSpace(b, p, to, withHeaders == 1 ? "hpub" : "pub");
        if (after < 0) {
            return after;
        }
        final int lineEnd = arguments(b, after, to);
        if (lineEnd < 0) {
            return lineEnd;
        }
        if (!readPublishArguments(b, withHeaders)) {
            return fail(ProtocolError.BAD_ARGUMENTS, to);
        }
        view.bodyFrom = lineEnd;
        if (!handler.onPublishLine(view)) {
            return stop(to);
        }
        return payload(b, p, to);
    }

    private int payload(final byte[] b, final int p, final int to) {
        final int bodyTo = view.bodyFrom + view.totalLength;
        if (to < bodyTo + 2) {
            if (to > bodyTo && b[bodyTo] != '\r') {
                return fail(ProtocolError.UNKNOWN_OPERATION, to);
            }
            needed = bodyTo + 2 - p;
            return INCOMPLETE;
        }
        if (b[bodyTo] != '\r' || b[bodyTo + 1] != '\n') {
            return fail(ProtocolError.UNKNOWN_OPERATION, to);
        }
        return handler.onPublish(view) ? bodyTo + 2 : stop(bodyTo + 2);
    }

    private boolean readPublishArguments(final byte[] b, final int withHeaders) {
        final int sizes = 1 + withHeaders;
        if (tokenCount != 1 + sizes && tokenCount != 2 + sizes) {
            return false;
        }
        final PublishView v = view;
        final int last = 2 * (tokenCount - 1);
        v.buffer = b;
        v.subjectFrom = tokens[0];
        v.subjectTo = tokens[1];
        final boolean hasReply = tokenCount == 2 + sizes;
        v.replyFrom = hasReply ? tokens[2] : 0;
        v.replyTo = hasReply ? tokens[3] : 0;
        v.sizeTextFrom = tokens[last];
        v.sizeTextTo = tokens[last + 1];
        v.totalLength = number(b, tokens[last], tokens[last + 1]);
        v.hasHeaders = withHeaders == 1;
        v.headerTextFrom = withHeaders == 1 ? tokens[last - 2] : 0;
        v.headerTextTo = withHeaders == 1 ? tokens[last - 1] : 0;
        v.headersLength = withHeaders == 1 ? number(b, v.headerTextFrom, v.headerTextTo) : 0;
        return v.totalLength >= 0 && v.headersLength >= 0 && v.headersLength <= v.totalLength;
    }

    private int subscribe(final byte[] b, final int p, final int to) {
        final int after = verbAndSpace(b, p, to, "sub");
        final int lineEnd = after < 0 ? after : arguments(b, after, to);
        if (lineEnd < 0) {
            return lineEnd;
        }
        if (tokenCount == 2) {
            tokens[4] = tokens[2];
            tokens[5] = tokens[3];
            tokens[3] = tokens[2];
        } else if (tokenCount != 3) {
            return fail(ProtocolError.BAD_ARGUMENTS, to);
        }
        return handler.onSubscribe(b, tokens) ? lineEnd : stop(lineEnd);
    }

    private int unsubscribe(final byte[] b, final int p, final int to) {
        final int after = verbAndSpace(b, p, to, "unsub");
        final int lineEnd = after < 0 ? after : arguments(b, after, to);
        if (lineEnd < 0) {
            return lineEnd;
        }
        if (tokenCount != 1 && tokenCount != 2) {
            return fail(ProtocolError.BAD_ARGUMENTS, to);
        }
        final int max = tokenCount == 2 ? number(b, tokens[2], tokens[3]) : -1;
        return handler.onUnsubscribe(b, tokens[0], tokens[1], max) ? lineEnd : stop(lineEnd);
    }

    private int connect(final byte[] b, final int p, final int to) {
        final int after = verbAndSpace(b, p, to, "connect");
        final int lineEnd = after < 0 ? after : line(b, after, to);
        if (lineEnd < 0) {
            return lineEnd;
        }
        return handler.onConnect(b, after, lineEnd) ? lineEnd : stop(lineEnd);
    }

    private int info(final byte[] b, final int p, final int to) {
        final int after = verbAndSpace(b, p, to, "info");
        return after < 0 ? after : line(b, after, to);
    }

    private int clientError(final byte[] b, final int p, final int to) {
        final int after = verbAndSpace(b, p, to, "-err");
        final int lineEnd = after < 0 ? after : line(b, after, to);
        return lineEnd < 0 ? lineEnd : fail(ProtocolError.CLIENT_ERROR, to);
    }

    /** Splits {@code [from, line feed)} at white space into {@link #tokens}; returns the position after the line. */
    private int arguments(final byte[] b, final int from, final int to) {
        int count = 0;
        int start = -1;
        for (int i = from; i < to; i++) {
            final byte c = b[i];
            if (c > ' ') {
                start = start < 0 ? i : start;
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' && i + 1 < to && b[i + 1] == '\n') {
                if (start >= 0) {
                    count = token(count, start, i);
                    start = -1;
                }
                if (c == '\n') {
                    tokenCount = count;
                    final int end = i > from && b[i - 1] == '\r' ? i - 1 : i;
                    return end - from > controlLineMax ? fail(ProtocolError.MAX_CONTROL_LINE, to) : i + 1;
                }
            } else {
                start = start < 0 ? i : start;
            }
        }
        return unfinishedLine(from, to);
    }

    private int token(final int count, final int from, final int to) {
        if (count < TOKENS_MAX) {
            tokens[2 * count] = from;
            tokens[2 * count + 1] = to;
        }
        return count + 1;
    }

    private int line(final byte[] b, final int from, final int to) {
        for (int i = from; i < to; i++) {
            if (b[i] == '\n') {
                return i - from > controlLineMax + 1 ? fail(ProtocolError.MAX_CONTROL_LINE, to) : i + 1;
            }
        }
        return unfinishedLine(from, to);
    }

    private int unfinishedLine(final int from, final int to) {
        return to - from > controlLineMax + 1 ? fail(ProtocolError.MAX_CONTROL_LINE, to) : INCOMPLETE;
    }

    private int verbAndSpace(final byte[] b, final int p, final int to, final String verb) {
        final int after = verb(b, p, to, verb);
        if (after < 0) {
            return after;
        }
        if (after == to) {
            return INCOMPLETE;
        }
        return b[after] == ' ' || b[after] == '\t' ? after + 1 : fail(ProtocolError.UNKNOWN_OPERATION, to);
    }

    /** Compares what is there of a verb; a wrong byte is an error even if the rest has not arrived. */
    private int verb(final byte[] b, final int p, final int to, final String verb) {
        final int length = verb.length();
        final int end = Math.min(to, p + length);
        for (int i = p + 1; i < end; i++) {
            if ((b[i] | 0x20) != verb.charAt(i - p)) {
                return fail(ProtocolError.UNKNOWN_OPERATION, to);
            }
        }
        return end - p < length ? INCOMPLETE : end;
    }

    private int fail(final ProtocolError error, final int to) {
        handler.onError(error);
        return stop(to);
    }

    private int stop(final int position) {
        stoppedAt = position;
        return STOPPED;
    }

    private static int number(final byte[] b, final int from, final int to) {
        final int digits = to - from;
        if (digits < 1 || digits > SIZE_DIGITS_MAX) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            final int digit = b[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}

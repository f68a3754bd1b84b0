package jetstream.server.protocol;

import java.nio.charset.StandardCharsets;

/** What can be wrong with a client's bytes, the text that it is told, and whether its connection is closed then. */
public enum ProtocolError {
    /** The bytes are not of this protocol. */
    UNKNOWN_OPERATION("Unknown Protocol Operation"),
    /** The argument of a control line is longer than {@code max_control_line}. */
    MAX_CONTROL_LINE("maximum control line exceeded"),
    /** Wrong arguments of PUB, HPUB, SUB or UNSUB: the connection is closed without a word. */
    BAD_ARGUMENTS(null),
    /** The client itself sent {@code -ERR}: closed without a word. */
    CLIENT_ERROR(null),
    /** Message larger than {@code max_payload}. */
    MAX_PAYLOAD("Maximum Payload Violation"),
    /** Credentials are missing or wrong. */
    AUTHORIZATION("Authorization Violation"),
    /** No good CONNECT in time. */
    AUTHENTICATION_TIMEOUT("Authentication Timeout"),
    /** The user's JWT has expired while it was connected. */
    USER_EXPIRED("User Authentication Expired"),
    /** The account's JWT has expired while it was connected. */
    ACCOUNT_EXPIRED("Account Authentication Expired"),
    /** No TLS handshake in time. */
    TLS_REQUIRED("Secure Connection - TLS Required"),
    /** {@code protocol} of CONNECT is neither 0 nor 1. */
    BAD_PROTOCOL_VERSION("invalid client protocol"),
    /** {@code no_responders} without {@code headers}. */
    NO_RESPONDERS_NEEDS_HEADERS("no responders requires headers support"),
    /** The server is full. */
    MAX_CONNECTIONS("maximum connections exceeded"),
    /** The account is full. */
    MAX_ACCOUNT_CONNECTIONS("maximum account active connections exceeded"),
    /** PINGs were not answered. */
    STALE_CONNECTION("Stale Connection"),
    /** One subscription too many; the connection stays. */
    MAX_SUBSCRIPTIONS("maximum subscriptions exceeded"),
    /** The subject of a SUB is not valid; the connection stays. */
    INVALID_SUBJECT("Invalid Subject"),
    /** The subject of a PUB is not literal and the client is pedantic; the connection stays. */
    INVALID_PUBLISH_SUBJECT("Invalid Publish Subject");

    private final String text;
    private final byte[] line;

    ProtocolError(final String text) {
        this.text = text;
        this.line = text == null ? new byte[0] : line(text);
    }

    /**
     * What stands between the quotes.
     *
     * @return text; null if the client is told nothing
     */
    public String text() {
        return text;
    }

    /**
     * The whole line. Not to be changed.
     *
     * @return bytes, empty if the client is told nothing
     */
    public byte[] line() {
        return line;
    }

    /**
     * Makes an error line; quotes in the text are not escaped, as in the reference.
     *
     * @param text what stands between the quotes
     * @return bytes with CR LF
     */
    public static byte[] line(final String text) {
        return ("-ERR '" + text + "'\r\n").getBytes(StandardCharsets.UTF_8);
    }
}

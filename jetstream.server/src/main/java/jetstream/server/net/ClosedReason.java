package jetstream.server.net;

/** Why a connection ended, in the words that monitoring shows. */
public enum ClosedReason {
    /** The client has closed it. */
    CLIENT_CLOSED("Client Closed"),
    /** No good CONNECT in time. */
    AUTHENTICATION_TIMEOUT("Authentication Timeout"),
    /** Refused. */
    AUTHENTICATION_FAILURE("Authentication Failure"),
    /** The credentials have expired. */
    AUTHENTICATION_EXPIRED("Authentication Expired"),
    /** TLS was not agreed upon. */
    TLS_HANDSHAKE("TLS Handshake Failure"),
    /** Too many bytes waited for it. */
    SLOW_CONSUMER_PENDING("Slow Consumer (Pending Bytes)"),
    /** It took no bytes for too long. */
    SLOW_CONSUMER_DEADLINE("Slow Consumer (Write Deadline)"),
    /** Writing failed. */
    WRITE_ERROR("Write Error"),
    /** Reading failed. */
    READ_ERROR("Read Error"),
    /** The client has sent an error. */
    PARSE_ERROR("Parse Error"),
    /** PINGs were not answered. */
    STALE_CONNECTION("Stale Connection"),
    /** Bytes that are not of the protocol. */
    PROTOCOL_VIOLATION("Protocol Violation"),
    /** Protocol level of CONNECT. */
    BAD_CLIENT_PROTOCOL("Bad Client Protocol Version"),
    /** The account is full. */
    MAX_ACCOUNT_CONNECTIONS("Maximum Account Connections Exceeded"),
    /** The server is full. */
    MAX_CONNECTIONS("Maximum Connections Exceeded"),
    /** Message too large. */
    MAX_PAYLOAD("Maximum Message Payload Exceeded"),
    /** Line too long. */
    MAX_CONTROL_LINE("Maximum Control Line Exceeded"),
    /** Too many subscriptions at bind time. */
    MAX_SUBSCRIPTIONS("Maximum Subscriptions Exceeded"),
    /** The server stops. */
    SERVER_SHUTDOWN("Server Shutdown"),
    /** HPUB from a client without headers. */
    HEADER_VIOLATION("Message Header Violation"),
    /** No responders without headers. */
    NO_RESPONDERS_NEEDS_HEADERS("No Responders Requires Headers"),
    /** An operator has closed it. */
    KICKED("Kicked");

    private final String text;

    ClosedReason(final String text) {
        this.text = text;
    }

    /** What monitoring shows. */
    public String text() {
        return text;
    }
}

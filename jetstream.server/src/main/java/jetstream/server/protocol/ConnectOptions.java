package jetstream.server.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Objects;

/**
 * What a client says in CONNECT. Keys that are absent keep the defaults that also hold before CONNECT. Absent strings
 * are empty. Mutable while it is read, not afterwards.
 */
public final class ConnectOptions {
    private static final JsonFactory JSON = new JsonFactory();

    private boolean verbose = true;
    private boolean pedantic = true;
    private boolean echo = true;
    private boolean headers;
    private boolean noResponders;
    private boolean newAccount;
    private int protocol;
    private String user = "";
    private String password = "";
    private String token = "";
    private String name = "";
    private String language = "";
    private String version = "";
    private String account = "";
    private String nkey = "";
    private String jwt = "";
    private String signature = "";

    /** What holds before CONNECT. */
    public ConnectOptions() {
    }

    /**
     * Reads the argument of CONNECT. Unknown keys and null values are ignored.
     *
     * @param json bytes
     * @param from first byte
     * @param to   end, exclusive
     * @return the options
     * @throws IOException if it is not a JSON object with values of the right types
     */
    public static ConnectOptions parse(final byte[] json, final int from, final int to) throws IOException {
        final ConnectOptions options = new ConnectOptions();
        try (JsonParser parser = JSON.createParser(json, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("CONNECT is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String key = parser.currentName();
                options.read(key, parser, parser.nextToken());
            }
            if (parser.nextToken() != null) {
                throw new IOException("CONNECT has more than one JSON object");
            }
        }
        return options;
    }

    private void read(final String key, final JsonParser parser, final JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        switch (key) {
            case "verbose" -> verbose = flag(value);
            case "pedantic" -> pedantic = flag(value);
            case "echo" -> echo = flag(value);
            case "headers" -> headers = flag(value);
            case "no_responders" -> noResponders = flag(value);
            case "new_account" -> newAccount = flag(value);
            case "protocol" -> protocol = integer(parser, value);
            case "user" -> user = text(parser, value);
            case "pass" -> password = text(parser, value);
            case "auth_token" -> token = text(parser, value);
            case "name" -> name = text(parser, value);
            case "lang" -> language = text(parser, value);
            case "version" -> version = text(parser, value);
            case "account" -> account = text(parser, value);
            case "nkey" -> nkey = text(parser, value);
            case "jwt" -> jwt = text(parser, value);
            case "sig" -> signature = text(parser, value);
            default -> parser.skipChildren();
        }
    }

    private static boolean flag(final JsonToken value) throws IOException {
        if (!value.isBoolean()) {
            throw new IOException("expected a boolean");
        }
        return value == JsonToken.VALUE_TRUE;
    }

    private static int integer(final JsonParser parser, final JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT) {
            throw new IOException("expected an integer");
        }
        return parser.getIntValue();
    }

    private static String text(final JsonParser parser, final JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            throw new IOException("expected a string");
        }
        return Objects.requireNonNull(parser.getText());
    }

    /** Whether each accepted operation is answered {@code +OK}. */
    public boolean verbose() {
        return verbose;
    }

    /** Whether publish subjects are checked. */
    public boolean pedantic() {
        return pedantic;
    }

    /** Whether the connection's own messages are delivered back to it. */
    public boolean echo() {
        return echo;
    }

    /** Whether the client understands headers. */
    public boolean headers() {
        return headers;
    }

    /** Whether the client wants a 503 for requests that nobody takes. */
    public boolean noResponders() {
        return noResponders;
    }

    /** Whether one of the refused account keys was used. */
    public boolean asksForAccount() {
        return newAccount || !account.isEmpty();
    }

    /** Protocol level, 0 or 1. */
    public int protocol() {
        return protocol;
    }

    /** User name. */
    public String user() {
        return user;
    }

    /** Password. */
    public String password() {
        return password;
    }

    /** Token. */
    public String token() {
        return token;
    }

    /** Name of the client. */
    public String name() {
        return name;
    }

    /** Language of the client library. */
    public String language() {
        return language;
    }

    /** Version of the client library. */
    public String version() {
        return version;
    }

    /** Public key of the user. */
    public String nkey() {
        return nkey;
    }

    /** JWT of the user. */
    public String jwt() {
        return jwt;
    }

    /** Signature of the nonce. */
    public String signature() {
        return signature;
    }

    /** Fills credentials that were not sent with others, each of which may be empty. */
    public void fill(final String otherJwt, final String otherUser, final String otherPassword,
            final String otherToken) {
        jwt = jwt.isEmpty() ? otherJwt : jwt;
        user = user.isEmpty() ? otherUser : user;
        password = password.isEmpty() ? otherPassword : password;
        token = token.isEmpty() ? otherToken : token;
    }

    /** Whether any credential was sent; a JWT does not count outside of operator mode. */
    public boolean hasCredentials() {
        return !user.isEmpty() || !password.isEmpty() || !token.isEmpty() || !nkey.isEmpty();
    }
}

package jetstream.server.acceptance;

import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The monitoring pages of one server, as far as the tests read them. */
public record Monitor(String host, int port) {
    private static final int TIMEOUT_MS = 2_000;

    /** What one server holds of a stream; equal on all replicas once they are level. */
    public record StreamState(long messages, long bytes, long firstSeq, long lastSeq) {
    }

    public boolean isHealthy() {
        try {
            return get("/healthz").isPresent();
        } catch (final IOException e) {
            return false;
        }
    }

    /** Empty while the server does not answer or does not hold the stream. */
    public Optional<StreamState> stream(final String name) {
        try {
            final Optional<String> page = get("/jsz?acc=$G&streams=true");
            return page.isEmpty() ? Optional.empty() : state(JsonParser.parse(page.get()), name);
        } catch (final IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<StreamState> state(final JsonValue page, final String name) {
        return list(page, "account_details").stream()
                .flatMap(account -> list(account, "stream_detail").stream())
                .filter(stream -> name.equals(stream.map.get("name").string))
                .map(stream -> stream.map.get("state"))
                .map(state -> new StreamState(number(state, "messages"), number(state, "bytes"),
                        number(state, "first_seq"), number(state, "last_seq")))
                .findFirst();
    }

    private static List<JsonValue> list(final JsonValue value, final String key) {
        final JsonValue found = value.map == null ? null : value.map.get(key);
        return found == null || found.array == null ? List.of() : found.array;
    }

    private static long number(final JsonValue value, final String key) {
        return value.map.get(key).number.longValue();
    }

    /** The body of an answer with status 200. */
    private Optional<String> get(final String path) throws IOException {
        final HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://" + host + ":" + port + path).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return Optional.empty();
            }
            try (InputStream body = connection.getInputStream()) {
                return Optional.of(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } finally {
            connection.disconnect();
        }
    }
}

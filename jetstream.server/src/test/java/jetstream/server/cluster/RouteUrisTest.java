package jetstream.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jetstream.server.conf.RouteUrl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouteUrisTest {
    @ParameterizedTest
    @CsvSource({
        "nats://host_b:6222, host_b:6222",
        "nats://a.example:1, a.example:1",
        "nats://user:secret@host_c:7, user:secret@host_c:7",
        "'nats://[::1]:6222', '[::1]:6222'"})
    void routeKeepsItsHostWhateverItIsMadeOf(final String text, final String authority) {
        assertEquals(authority, RouteUris.of(RouteUrl.parse(text)).getAuthority());
    }
}

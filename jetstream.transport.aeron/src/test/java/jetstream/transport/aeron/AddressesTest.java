package jetstream.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressesTest {
    @ParameterizedTest
    @CsvSource({"host,host,7", "host:8,host,8", "10.0.0.1:9,10.0.0.1,9", "[::1]:9,::1,9", "::1,::1,7", "[::1],::1,7",
        "host:x,host,7", "host:70000,host,7"})
    void hostAndPortAreTakenApart(final String text, final String host, final int port) {
        assertEquals(new Addresses.HostPort(host, port), Addresses.HostPort.of(text, 7));
    }

    @ParameterizedTest
    @CsvSource({"nats://host:1,host,1", "nats-route://user:pass@host:2,host,2", "nats://n_1.svc:3,n_1.svc,3",
        "nats://u:p@n_1:4,n_1,4", "nats://host,host,6222", "nats-route://[::1]:5,::1,5"})
    void routesAreTakenApart(final String route, final String host, final int port) {
        assertEquals(new Addresses.HostPort(host, port), Addresses.ofRoute(URI.create(route)));
    }

    @ParameterizedTest
    @CsvSource({"nats-route://user:pass@host:2,user:pass", "nats://u:p%40q@n_1:4,u:p@q", "nats://host:1,''"})
    void credentialsOfRoutesAreFound(final String route, final String credentials) {
        assertEquals(credentials, Addresses.credentialsOfRoute(URI.create(route)));
    }

    @Test
    void onlyLiteralsAreLiterals() throws Exception {
        assertNotNull(Addresses.literal("127.0.0.1"));
        assertNotNull(Addresses.literal("[::1]"));
        assertNull(Addresses.literal("localhost"));
        assertEquals("[0:0:0:0:0:0:0:1]:5", Addresses.text(InetAddress.ofLiteral("::1"), 5));
        assertEquals("127.0.0.1:5", Addresses.text(InetAddress.ofLiteral("127.0.0.1"), 5));
        assertTrue(Addresses.isLocal(InetAddress.getLoopbackAddress()));
    }
}

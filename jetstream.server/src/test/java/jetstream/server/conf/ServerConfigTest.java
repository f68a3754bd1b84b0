package jetstream.server.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerConfigTest {

    @Test
    void defaultsAreTheReferences() {
        final ServerConfig config = ServerConfig.defaults();
        assertEquals(4222, config.port());
        assertEquals(1 << 20, config.limits().maxPayloadBytes());
        assertEquals("$SYS", config.systemAccount());
        assertFalse(config.jetStream().enabled());
        assertFalse(config.cluster().enabled());
    }

    @Test
    void builderMakesAnEmbeddedServerInTwoLines() {
        final ServerConfig config = ServerConfig.builder().port(-1).storeDir(Path.of("x"))
                .cluster("C1", "127.0.0.1", -1, List.of(RouteUrl.parse("nats://host_b:6222"))).build();
        assertTrue(config.jetStream().enabled());
        assertTrue(config.jetStream().storage().syncAlways());
        assertEquals("host_b", config.cluster().routes().getFirst().host());
        assertEquals(config, config.toBuilder().build());
    }

    @Test
    void treeTakesOverridesOfPlugIns() {
        final ServerConfig config = ServerConfig.builder().tree("jetstream.raft.heartbeat = 20ms").build();
        assertEquals("20ms", config.tree().getString("jetstream.raft.heartbeat"));
    }

    @Test
    void routesKeepUserPasswordAndBracketedAddresses() {
        assertEquals(new RouteUrl("::1", 7000, "u", "p"), RouteUrl.parse("nats-route://u:p@[::1]:7000/"));
        assertEquals(new HostPort("", 4222), HostPort.parse(":4222", 0));
    }
}

package jetstream.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import jetstream.api.NodeId;
import jetstream.api.consensus.ConsensusContext;
import jetstream.api.transport.PeerLink;
import jetstream.testkit.simulation.SimulatedCluster;
import org.junit.jupiter.api.Test;

/** The plug-in is found by its name on the module path and on the class path, and refuses settings it does not know. */
class ProviderTest {
    @Test
    void isFoundByItsName() {
        assertInstanceOf(RaftConsensusProvider.class, SimulatedCluster.providerNamed("raft"));
    }

    @Test
    void theServicesFileSaysWhatTheModuleSays() throws IOException {
        final String file = "/META-INF/services/jetstream.api.consensus.ConsensusProvider";
        try (InputStream in = RaftConsensusProvider.class.getResourceAsStream(file)) {
            final String named = new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
            assertEquals(RaftConsensusProvider.class.getName(), named);
        }
    }

    @Test
    void refusesUnknownSettingsAndBadValues() {
        refused("heartbeat", "50ms");
        refused("heartbeat_interval", "fifty");
        refused("max_batch", "0");
        refused("max_inflight", "9g");
    }

    private static void refused(final String key, final String value) {
        final PeerLink nowhere = (frame, payload, offset, length) -> false;
        final ConsensusContext context = new ConsensusContext(NodeId.of("n"), 1, (peer, lane) -> nowhere, 1,
                Map.of(key, value), (warning, text) -> {
                }, (group, name) -> null);
        assertThrows(IllegalArgumentException.class, () -> new RaftConsensusProvider().open(context),
                key + " = " + value);
    }
}

package jetstream.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jetstream.api.frame.NodeFrame;
import jetstream.api.transport.Lane;
import jetstream.api.transport.TransportProvider;
import jetstream.testkit.contract.TransportContract;
import jetstream.testkit.contract.TransportFixture.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same promises between servers that share a media driver and so talk through shared memory. */
final class SharedDriverContractTest extends TransportContract {
    @TempDir private Path directory;

    @Override
    protected TransportProvider provider() {
        return new AeronTransportProvider();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("dir", directory.resolve("driver").toString());
    }

    @Test
    void serversWithAndWithoutSharedDriverFormOneCluster() {
        final Node a = fixture().start("a", plan -> plan);
        final Node b = fixture().start("b", plan -> plan.to(a));
        final Node other = fixture().start("other", plan -> plan.settings(Map.of()).to(b));
        final List<Node> nodes = List.of(a, b, other);
        fixture().await("mesh", () -> nodes.stream().allMatch(node -> node.transport().peers().size() == 2));
        assertTrue(a.hasLogged("up with 'b' at 127.0.0.1:" + b.port() + " through shared memory"));
        assertFalse(other.hasLogged("through shared memory"));
        for (final Node from : nodes) {
            for (final Node to : nodes) {
                if (from != to) {
                    assertTrue(from.link(to, Lane.DATA).offer(new NodeFrame.Heartbeat(1, 1)));
                }
            }
        }
        fixture().await("frames", () -> nodes.stream().allMatch(node -> node.received().size() == 2));
        assertEquals(1, a.ups().stream().filter(peer -> peer.node().equals(b.id())).count());
    }
}

package jetstream.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import jetstream.api.NodeId;
import jetstream.api.transport.PeerInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariant of {@link Bootstrap}: whatever servers hear of each other and when, at most one incarnation comes to be.
 */
class BootstrapTest {
    @TempDir private Path directory;

    private final class Server {
        private final String name;
        private final NodeMemory memory;
        private final Bootstrap bootstrap;
        private String founded = "";

        Server(final String name, final int size, final String run) {
            this.name = name;
            memory = new NodeMemory(directory.resolve(run).resolve(name));
            bootstrap = new Bootstrap(NodeId.of(name), size, memory);
        }

        PeerInfo info() {
            final Map<String, String> attributes = new HashMap<>();
            attributes.put(Bootstrap.JETSTREAM, "true");
            attributes.put(Bootstrap.INCARNATION, founded);
            attributes.put(Bootstrap.PROMISE, memory.promise());
            return new PeerInfo(NodeId.of(name), name, 1, "h", 1, true, true, attributes);
        }

        void step() {
            if (!founded.isEmpty()) {
                return;
            }
            final Bootstrap.Step step = bootstrap.step("inc-of-" + name);
            if (step.kind() == Bootstrap.Step.Kind.FOUND || step.kind() == Bootstrap.Step.Kind.JOIN) {
                founded = step.incarnation();
            }
        }
    }

    private List<Server> servers(final int count, final String run) {
        final List<Server> servers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            servers.add(new Server("n" + i, count, run));
        }
        return servers;
    }

    @Test
    void twoOfThreeFoundAndTheThirdJoins() {
        final List<Server> all = servers(3, "run");
        final Server a = all.get(0);
        final Server b = all.get(1);
        for (int i = 0; i < 4; i++) {
            a.bootstrap.onPeer(b.info());
            a.step();
            b.bootstrap.onPeer(a.info());
            b.step();
        }
        final Server c = all.get(2);
        c.bootstrap.onPeer(a.info());
        c.step();

        assertEquals(a.founded, b.founded);
        assertEquals(a.founded, c.founded);
        assertEquals(List.of(), Bootstrap.founders(c.memory));
    }

    @Test
    void oneOfThreeWaits() {
        final Server alone = servers(3, "run").getFirst();

        assertEquals(Bootstrap.Step.Kind.WAIT, alone.bootstrap.step("x").kind());
    }

    @Test
    void atMostOneIncarnationComesToBeInAnyOrderOfHearing() {
        for (int seed = 0; seed < 300; seed++) {
            final Random random = new Random(seed);
            final List<Server> all = servers(random.nextBoolean() ? 3 : 5, "seed" + seed);
            for (int i = 0; i < 200; i++) {
                final Server hearer = all.get(random.nextInt(all.size()));
                final Server heard = all.get(random.nextInt(all.size()));
                if (random.nextInt(8) == 0) {
                    hearer.bootstrap.onPeerDown(NodeId.of(heard.name));
                } else if (hearer != heard) {
                    hearer.bootstrap.onPeer(heard.info());
                }
                hearer.step();
            }
            final Set<String> founded = new HashSet<>();
            all.forEach(server -> founded.add(server.founded));
            founded.remove("");
            assertEquals(1, Math.max(1, founded.size()), "seed " + seed + ": " + founded);
        }
    }
}

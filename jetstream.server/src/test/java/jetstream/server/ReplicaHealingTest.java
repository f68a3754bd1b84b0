package jetstream.server;

import static jetstream.server.EmbeddedCluster.ask;
import static jetstream.server.EmbeddedCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Subscription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import jetstream.api.consensus.Condition;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryView;
import jetstream.engine.shard.StreamReplica;
import jetstream.engine.stream.MessageView;
import jetstream.engine.stream.StreamEntries;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that applied something else than the others is found, reported and healed (decision 0100). */
class ReplicaHealingTest {
    private static final int SIZE = 3;
    private static final int MESSAGES = 20;

    @TempDir Path directory;

    private EmbeddedCluster cluster;
    private List<JetStreamServer> servers;
    private Connection client;
    private long nextMessage;

    @BeforeEach
    void startServersWithAStream() throws Exception {
        cluster = EmbeddedCluster.start(directory, SIZE, "");
        servers = cluster.servers();
        client = cluster.connect(0);
        await("a stream of three replicas", () -> EmbeddedCluster.isAdded(client, SIZE));
        await("members everywhere", () -> servers.stream().allMatch(server -> ask(server, () -> replica(server) != null
                && replica(server).group().condition() == Condition.CURRENT)));
        for (int i = 0; i < MESSAGES; i++) {
            publish();
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aFollowerThatAppliedSomethingElseIsHealed() throws Exception {
        isHealed(servers.stream().filter(server -> ask(server, () -> !replica(server).isLeader())).findFirst()
                .orElseThrow());
    }

    @Test
    void aLeaderThatAppliedSomethingElseStepsDownAndIsHealed() throws Exception {
        isHealed(servers.stream().filter(server -> ask(server, () -> replica(server).isLeader())).findFirst()
                .orElseThrow());
    }

    @Test
    void aDamagedMessageIsNotServedAndFetchedFromAnotherReplica() throws Exception {
        final byte[] payload = "this message will be damaged on one disk".getBytes(StandardCharsets.US_ASCII);
        final long seq = client.jetStream().publish("s", payload).getSeqno();
        publish();
        await("all replicas are equal", this::areEqual);
        for (final JetStreamServer victim : servers) {  // two followers and the leader, one after the other
            flipABit(ask(victim, () -> victim.context().info().name()), payload);

            assertEquals("", text(victim, seq), "damage must not be served");

            await("the message is whole again", () -> text(victim, seq).equals(new String(payload,
                    StandardCharsets.US_ASCII)));
            assertEquals(1, troubles(victim, Condition.REPAIRING));
            assertEquals(0, troubles(victim, Condition.RESYNCING));
        }
        await("the stream goes on", () -> publish() && areEqual());
    }

    private static String text(final JetStreamServer server, final long seq) {
        return ask(server, () -> {
            final MessageView view = new MessageView();
            if (!replica(server).engine().message(seq, view)) {
                return "";
            }
            final byte[] bytes = new byte[view.payloadLength()];
            view.buffer().get(view.payloadOffset(), bytes);
            return new String(bytes, StandardCharsets.US_ASCII);
        });
    }

    /** In the segment of that server that holds those bytes. */
    private void flipABit(final String server, final byte[] payload) throws IOException {
        final List<Path> segments;
        try (Stream<Path> files = Files.walk(directory.resolve(server))) {
            segments = files.filter(file -> file.toString().endsWith(".seg")).toList();
        }
        for (final Path segment : segments) {
            final String bytes = Files.readString(segment, StandardCharsets.ISO_8859_1);
            final int at = bytes.indexOf(new String(payload, StandardCharsets.ISO_8859_1));
            if (at >= 0) {
                try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.wrap(new byte[] {(byte) (payload[5] ^ 4)}), at + 5L);
                }
                return;
            }
        }
        throw new AssertionError("no segment of " + server + " has the message");
    }

    private void isHealed(final JetStreamServer victim) throws Exception {
        final Subscription advisories = client.subscribe("$JS.EVENT.ADVISORY.STREAM.REPLICA_TROUBLE.S");
        client.flush(Duration.ofSeconds(5));
        ask(victim, () -> deleteBehindTheLogsBack(replica(victim)));

        await("the difference is found", () -> {
            publish();                              // states are compared while something happens
            return troubles(victim, Condition.RESYNCING) == 1;
        });
        await("the replica is whole again", () -> ask(victim,
                () -> replica(victim).group().condition() == Condition.CURRENT) && publish() && areEqual());

        assertEquals(1, troubles(victim, Condition.RESYNCING));
        assertEquals(1, troubles(victim, Condition.CURRENT));
        assertTrue(ask(victim, () -> replica(victim).engine().state().deleted() == 0));
        final String advisory = new String(advisories.nextMessage(Duration.ofSeconds(30)).getData(),
                StandardCharsets.UTF_8);
        assertTrue(advisory.contains("\"condition\":\"resyncing\""), advisory);
        final String name = ask(victim, () -> victim.context().info().name());
        try (Stream<Path> files = Files.list(directory.resolve(name).resolve("jetstream").resolve("set-aside"))) {
            assertEquals(1, files.filter(file -> !file.toString().endsWith(".partial")).count());
        }
        for (final JetStreamServer other : servers) {
            if (other != victim) {
                assertEquals(0, troubles(other, Condition.RESYNCING));
            }
        }
    }

    /** What a bug or a flipped bit would do: the third message goes on this replica alone. */
    private static boolean deleteBehindTheLogsBack(final StreamReplica replica) {
        final EntryBatch entry = new EntryBatch(256);
        StreamEntries.deleteMessage(entry, 1, 3, false);
        entry.seal(replica.assignment().group().value(), 1, 1);
        replica.engine().apply(new EntryView().wrap(entry.buffer(), entry.offset()));
        return true;
    }

    private boolean areEqual() {
        final long hash = ask(servers.getFirst(), () -> replica(servers.getFirst()).stateHash());
        return servers.stream().allMatch(server -> ask(server, () -> replica(server).stateHash()) == hash);
    }

    private boolean publish() {
        try {
            client.jetStream().publish("s", Long.toString(nextMessage++).getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (final IOException | JetStreamApiException e) {
            return false;
        }
    }

    private static int troubles(final JetStreamServer server, final Condition condition) {
        return ask(server, () -> server.assembly().troubles().counted(condition));
    }

    private static StreamReplica replica(final JetStreamServer server) {
        return server.assembly().node().shard().stream("$G", "S");
    }
}

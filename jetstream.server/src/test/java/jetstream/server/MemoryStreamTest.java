package jetstream.server;

import static jetstream.server.EmbeddedCluster.ask;
import static jetstream.server.EmbeddedCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jetstream.api.GroupId;
import jetstream.api.consensus.Condition;
import jetstream.engine.shard.StreamReplica;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a stream in memory when servers are started again (DESIGN D8). */
@SuppressWarnings("try")
class MemoryStreamTest {
    private static final int SIZE = 3;
    private static final int MESSAGES = 10;

    @TempDir Path directory;

    private EmbeddedCluster cluster;

    @BeforeEach
    void startServersWithAStreamInMemory() throws Exception {
        cluster = EmbeddedCluster.start(directory, SIZE, "");
        try (Connection client = cluster.connect(0)) {
            await("a stream in memory", () -> isAdded(client));
            client.jetStreamManagement().addOrUpdateConsumer("S", ConsumerConfiguration.builder().durable("C").build());
            for (int i = 0; i < MESSAGES; i++) {
                client.jetStream().publish("s", new byte[] {(byte) i});
            }
        }
        await("all replicas are current", () -> cluster.isEverywhere("S", MESSAGES));
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static boolean isAdded(final Connection client) {
        try {
            client.jetStreamManagement().addStream(StreamConfiguration.builder().name("S").subjects("s")
                    .storageType(StorageType.Memory).replicas(SIZE).build());
            return true;
        } catch (final IOException | JetStreamApiException e) {
            return false;
        }
    }

    private static StreamReplica replica(final JetStreamServer server) {
        return server.assembly().node().shard().stream("$G", "S");
    }

    private GroupId group() {
        return ask(cluster.servers().getLast(), () -> replica(cluster.servers().getLast()).assignment().group());
    }

    private static boolean publish(final Connection client) {
        try {
            client.jetStream().publish("s", new byte[1]);
            return true;
        } catch (final IOException | JetStreamApiException e) {
            return false;
        }
    }

    private void awaitAllCurrent(final long lastSeq) {
        await("all replicas at " + lastSeq, () -> cluster.isEverywhere("S", lastSeq)
                && cluster.servers().stream().allMatch(server -> ask(server,
                        () -> replica(server).group().condition() == Condition.CURRENT)));
    }

    @Test
    void aMinorityThatIsStartedAgainFetchesTheStream() throws Exception {
        final GroupId before = group();

        cluster.restart(List.of(0));

        awaitAllCurrent(MESSAGES);
        assertEquals(before, group());
    }

    @Test
    void aMajorityThatIsStartedAgainHasLostTheStreamWhichStartsAnew() throws Exception {
        startsAnewAfter(List.of(0, 1));
    }

    @Test
    void aStreamWhoseServersWereAllStartedAgainStartsAnew() throws Exception {
        startsAnewAfter(List.of(0, 1, 2));
    }

    private void startsAnewAfter(final List<Integer> restarted) throws Exception {
        cluster.restart(restarted);
        try (Connection client = cluster.connect(0)) {
            final Subscription advisories = client.subscribe("$JS.EVENT.ADVISORY.STREAM.STARTED_ANEW.S");
            await("a message is stored", () -> publish(client));

            assertNotNull(advisories.nextMessage(Duration.ofSeconds(10)), "nobody was told");
            final long lastSeq = client.jetStreamManagement().getStreamInfo("S").getStreamState().getLastSequence();
            assertEquals(1, client.jetStreamManagement().getStreamInfo("S").getStreamState().getFirstSequence());
            awaitAllCurrent(lastSeq);
            await("the consumer is there and has everything to deliver", () -> pending(client) == lastSeq);
            assertEquals(1, client.jetStream().getConsumerContext("S", "C").next(Duration.ofSeconds(10)).metaData()
                    .streamSequence());
        }
    }

    private static long pending(final Connection client) {
        try {
            final ConsumerInfo info = client.jetStreamManagement().getConsumerInfo("S", "C");
            return info.getNumPending();
        } catch (final IOException | JetStreamApiException e) {
            return -1;
        }
    }
}

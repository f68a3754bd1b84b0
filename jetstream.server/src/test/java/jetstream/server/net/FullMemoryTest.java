package jetstream.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import jetstream.server.JetStreamServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory streams have the room that {@code max_memory_store} says, and a full one is no trouble for the server. */
@SuppressWarnings("try")
final class FullMemoryTest {
    private static final int INSUFFICIENT_RESOURCES = 10023;
    private static final int MESSAGE_LENGTH = 20_000;
    private static final int ROOM = 4 << 20;

    @TempDir Path directory;

    @Test
    void publishBeyondIsRefusedWhileReadsAndDeletesGoOn() throws Exception {
        try (JetStreamServer server = launch(); Connection connection = connect(server)) {
            final JetStreamManagement management = management(connection);
            management.addStream(stream("M", StorageType.Memory));
            management.addStream(stream("F", StorageType.File));

            final long stored = fill(connection);
            assertTrue(stored * MESSAGE_LENGTH > ROOM / 2 && stored * MESSAGE_LENGTH <= ROOM, stored + " stored");

            assertEquals(INSUFFICIENT_RESOURCES, refusal(connection, "M.x"), "and it stays so");
            assertEquals(stored, management.getStreamInfo("M").getStreamState().getMsgCount());
            assertEquals(MESSAGE_LENGTH, management.getMessage("M", stored).getData().length);
            assertEquals(1, connection.jetStream().publish("F.x", new byte[MESSAGE_LENGTH]).getSeqno(),
                    "the disk has room");
            assertTrue(management.deleteMessage("M", 1));
            assertEquals(stored - 1, management.purgeStream("M").getPurged());
            // What was purged leaves the memory with the next checkpoint of the stream.
            assertEquals(stored + 1, publishWhenThereIsRoom(connection));
        }
    }

    @Test
    void burstWithoutWaitingIsAnsweredMessageByMessage() throws Exception {
        try (JetStreamServer server = launch(); Connection connection = connect(server)) {
            management(connection).addStream(stream("M", StorageType.Memory));
            final List<CompletableFuture<PublishAck>> answers = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                answers.add(connection.jetStream().publishAsync("M.x", new byte[MESSAGE_LENGTH]));
            }

            long last = 0;
            int refused = 0;
            for (final CompletableFuture<PublishAck> answer : answers) {
                try {
                    final long seq = answer.join().getSeqno();
                    assertEquals(last + 1, seq, "no gap");
                    last = seq;
                } catch (final CompletionException e) {
                    assertEquals(INSUFFICIENT_RESOURCES,
                            ((JetStreamApiException) e.getCause().getCause()).getApiErrorCode());
                    refused++;
                }
            }

            assertTrue(refused > 700, refused + " refused");
            assertEquals(last, management(connection).getStreamInfo("M").getStreamState().getMsgCount());
        }
    }

    private JetStreamServer launch() throws IOException {
        return TestServers.launch("jetstream { store_dir: \"" + directory + "\", max_memory_store: " + ROOM + " }\n");
    }

    private static Connection connect(final JetStreamServer server) throws Exception {
        return Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + server.clientPort())
                .noReconnect().build());
    }

    private static JetStreamManagement management(final Connection connection) throws IOException {
        return connection.jetStreamManagement();
    }

    private static StreamConfiguration stream(final String name, final StorageType storage) {
        return StreamConfiguration.builder().name(name).subjects(name + ".>").storageType(storage).build();
    }

    /** Publishes until it is refused; returns how many were stored. */
    private static long fill(final Connection connection) throws Exception {
        for (long stored = 0;; stored++) {
            try {
                assertEquals(stored + 1, connection.jetStream().publish("M.x", new byte[MESSAGE_LENGTH]).getSeqno());
            } catch (final JetStreamApiException e) {
                assertEquals(INSUFFICIENT_RESOURCES, e.getApiErrorCode());
                assertEquals(503, e.getErrorCode());
                return stored;
            }
        }
    }

    private static int refusal(final Connection connection, final String subject) throws Exception {
        try {
            connection.jetStream().publish(subject, new byte[MESSAGE_LENGTH]);
            return 0;
        } catch (final JetStreamApiException e) {
            return e.getApiErrorCode();
        }
    }

    private static long publishWhenThereIsRoom(final Connection connection) throws Exception {
        final long endNs = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() - endNs < 0) {
            try {
                return connection.jetStream().publish("M.x", new byte[MESSAGE_LENGTH]).getSeqno();
            } catch (final JetStreamApiException e) {
                assertEquals(INSUFFICIENT_RESOURCES, e.getApiErrorCode());
            }
        }
        throw new AssertionError("no room a minute after the purge");
    }
}

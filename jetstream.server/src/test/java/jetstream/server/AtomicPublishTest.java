package jetstream.server;

import static jetstream.server.EmbeddedCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Atomic batches on three servers, as a client sends them. */
final class AtomicPublishTest {
    private static final int SIZE = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir Path directory;

    @Test
    @SuppressWarnings("try")
    void batchIsAcknowledgedOnceAndOnEveryReplica() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, SIZE, "");
                Connection client = cluster.connect(0)) {
            await("a stream of three replicas", () -> request(client, "$JS.API.STREAM.CREATE.\u00fc",
                    "{\"name\":\"\u00fc\",\"subjects\":[\"\u00fc.>\"],\"num_replicas\":3,\"allow_atomic\":true}")
                    .contains("\"subjects\":[\"\u00fc.\\u003e\"]"));
            final Subscription abandoned = client.subscribe("$JS.EVENT.ADVISORY.STREAM.BATCH_ABANDONED.\u00fc");
            assertEquals("", batched(client, "lost", 1, ""));
            assertTrue(batched(client, "lost", 3, "").contains("\"err_code\":10176"));
            assertTrue(text(abandoned.nextMessage(PATIENCE)).contains("\"batch\":\"lost\",\"reason\":\"incomplete\""));
            assertEquals("", batched(client, "B", 1, ""));
            assertEquals("", batched(client, "B", 2, ""));
            assertEquals("{\"stream\":\"\u00fc\",\"seq\":3,\"batch\":\"B\",\"count\":3}", batched(client, "B", 3, "1"));
            assertEquals("{\"stream\":\"\u00fc\",\"seq\":4}", request(client, "\u00fc.single", "x"));
            await("all replicas hold all", () -> cluster.isEverywhere("\u00fc", 4));
        }
    }

    private static String batched(final Connection client, final String id, final int place, final String commit) {
        final Headers headers = new Headers().put("Nats-Batch-Id", id).put("Nats-Batch-Sequence", "" + place);
        if (!commit.isEmpty()) {
            headers.put("Nats-Batch-Commit", commit);
        }
        return answer(client, NatsMessage.builder().subject("\u00fc.x").headers(headers).data("x").build());
    }

    private static String request(final Connection client, final String subject, final String body) {
        return answer(client, NatsMessage.builder().subject(subject).data(body).build());
    }

    private static String answer(final Connection client, final Message asked) {
        try {
            return text(client.request(asked, PATIENCE));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(final Message message) {
        return message == null ? "nothing" : new String(message.getData(), StandardCharsets.UTF_8);
    }
}

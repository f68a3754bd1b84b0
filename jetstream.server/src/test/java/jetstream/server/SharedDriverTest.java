package jetstream.server;

import static jetstream.server.EmbeddedCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.nats.client.Connection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whole servers that share a media driver talk through shared memory. */
final class SharedDriverTest {
    private static final int SIZE = 3;
    private static final int MESSAGES = 100;
    private static final Logger LINES = (Logger) LoggerFactory.getLogger("jetstream.server.cluster");

    @TempDir Path directory;

    private final Queue<String> links = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(final ILoggingEvent event) {
            if (event.getFormattedMessage().startsWith("cluster link: up with")) {
                links.add(event.getFormattedMessage());
            }
        }
    };

    @BeforeEach
    void listen() {
        appender.start();
        LINES.setLevel(Level.INFO);
        LINES.addAppender(appender);
    }

    @AfterEach
    void listenNoMore() {
        LINES.detachAppender(appender);
        LINES.setLevel(null);
    }

    @Test
    @SuppressWarnings("try")
    void replicatesThroughSharedMemory() throws Exception {
        final String transport = "transport { aeron { dir: \"" + directory.resolve("driver") + "\" } }";
        try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, SIZE, "", transport);
                Connection client = cluster.connect(0)) {
            await("a stream of three replicas", () -> EmbeddedCluster.isAdded(client, SIZE));
            for (int i = 1; i <= MESSAGES; i++) {
                final byte[] body = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                assertEquals(i, client.jetStream().publish("s", body).getSeqno());
            }
            await("all replicas hold all", () -> cluster.isEverywhere("S", MESSAGES));
        }
        assertTrue(links.size() >= SIZE * (SIZE - 1), links::toString);
        assertTrue(links.stream().allMatch(line -> line.endsWith("through shared memory")), links::toString);
    }
}

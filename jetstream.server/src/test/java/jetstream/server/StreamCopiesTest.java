package jetstream.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.Mirror;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.SubjectTransform;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jetstream.server.conf.ServerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors and sourced streams with an unmodified client. */
final class StreamCopiesTest {
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    @TempDir private Path directory;

    private JetStreamServer server;
    private Connection connection;
    private JetStream jetStream;
    private JetStreamManagement management;

    @BeforeEach
    void launch() throws Exception {
        server = JetStreamServer.launch(
                ServerConfig.builder().host("127.0.0.1").port(-1).serverName("copies").storeDir(directory).build());
        connection = Nats.connect(new Options.Builder().server("nats://127.0.0.1:" + server.clientPort())
                .connectionTimeout(Duration.ofSeconds(5)).noReconnect().build());
        jetStream = connection.jetStream();
        management = connection.jetStreamManagement();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        server.close();
    }

    private static StreamConfiguration.Builder stream(final String name) {
        return StreamConfiguration.builder().name(name).storageType(StorageType.File);
    }

    private void publish(final String subject, final String text) throws Exception {
        jetStream.publish(subject, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until a stream has so many messages; fails with what it has otherwise. */
    private void awaitMessages(final String stream, final long wanted) throws Exception {
        await("messages of " + stream, wanted, () -> management.getStreamInfo(stream).getStreamState().getMsgCount());
    }

    private static <T> void await(final String what, final T wanted, final Callable<T> actual) throws Exception {
        final long startNs = System.nanoTime();
        T last = actual.call();
        while (!wanted.equals(last) && System.nanoTime() - startNs < WAIT_NS) {
            LockSupport.parkNanos(POLL_NS);
            last = actual.call();
        }
        assertEquals(wanted, last, what);
    }

    private static String text(final MessageInfo message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }

    @Test
    void mirrorKeepsSequencesTimesAndGaps() throws Exception {
        management.addStream(stream("A").subjects("a.>").build());
        for (int i = 1; i <= 5; i++) {
            publish("a." + i, "m" + i);
        }
        management.deleteMessage("A", 3);
        management.addStream(stream("M").mirror(Mirror.builder().sourceName("A").build()).build());
        awaitMessages("M", 4);
        publish("a.6", "m6");
        awaitMessages("M", 5);

        assertEquals(6, management.getStreamInfo("M").getStreamState().getLastSequence());
        assertThrows(JetStreamApiException.class, () -> management.getMessage("M", 3));
        for (final long seq : new long[] {1, 2, 4, 5, 6}) {
            final MessageInfo original = management.getMessage("A", seq);
            final MessageInfo copy = management.getMessage("M", seq);
            assertEquals(original.getSubject(), copy.getSubject());
            assertEquals(text(original), text(copy));
            assertEquals(original.getTime(), copy.getTime());
            assertNull(copy.getHeaders());
        }
        assertEquals("A", management.getStreamInfo("M").getMirrorInfo().getName());
        assertEquals(0, management.getStreamInfo("M").getMirrorInfo().getLag());
    }

    @Test
    void mirrorMayBeMadeBeforeItsOrigin() throws Exception {
        management.addStream(stream("M").mirror(Mirror.builder().sourceName("LATE").build()).build());
        management.addStream(stream("LATE").subjects("late").build());
        publish("late", "x");
        awaitMessages("M", 1);
    }

    @Test
    void mirrorFiltersAndRenames() throws Exception {
        management.addStream(stream("A").subjects("a.>").build());
        publish("a.x.1", "1");
        publish("a.y.2", "2");
        publish("a.x.3", "3");
        management.addStream(stream("M").mirror(Mirror.builder().sourceName("A").subjectTransforms(
                SubjectTransform.builder().source("a.x.*").destination("b.{{wildcard(1)}}.x").build()).build())
                .build());
        awaitMessages("M", 2);
        assertEquals("b.1.x", management.getMessage("M", 1).getSubject());
        assertEquals("b.3.x", management.getMessage("M", 3).getSubject());
    }

    @Test
    void promotedMirrorTakesPublishesBehindWhatItCopied() throws Exception {
        management.addStream(stream("A").subjects("a").build());
        publish("a", "1");
        publish("a", "2");
        management.addStream(stream("M").mirror(Mirror.builder().sourceName("A").build()).build());
        awaitMessages("M", 2);
        management.deleteStream("A");
        management.updateStream(stream("M").subjects("a").build());
        assertEquals(3, jetStream.publish("a", new byte[0]).getSeqno());
    }

    @Test
    void sourcesAreMergedAndSayWhereTheyComeFrom() throws Exception {
        management.addStream(stream("A").subjects("a.>").build());
        management.addStream(stream("B").subjects("b.>").build());
        publish("a.1", "a1");
        publish("a.2", "a2");
        publish("b.1", "b1");
        management.addStream(stream("S").subjects("s").sources(
                Source.builder().sourceName("A").filterSubject("a.2").build(),
                Source.builder().sourceName("B").subjectTransforms(
                        SubjectTransform.builder().source("b.*").destination("from.{{wildcard(1)}}").build()).build())
                .build());
        awaitMessages("S", 2);
        publish("s", "own");
        publish("b.2", "b2");
        awaitMessages("S", 4);

        final MessageInfo fromA = management.getLastMessage("S", "a.2");
        assertEquals("a2", text(fromA));
        assertTrue(fromA.getHeaders().getFirst("Nats-Stream-Source").startsWith("A 2 a.2 > a.2 "));
        final MessageInfo fromB = management.getLastMessage("S", "from.2");
        assertEquals("b2", text(fromB));
        assertTrue(fromB.getHeaders().getFirst("Nats-Stream-Source").startsWith("B 2 b.* from.{{wildcard(1)}} b.2 "));
    }

    @Test
    void restartGoesOnBehindTheLastCopy() throws Exception {
        management.addStream(stream("A").subjects("a").build());
        management.addStream(stream("S").sources(Source.builder().sourceName("A").build()).build());
        management.addStream(stream("M").mirror(Mirror.builder().sourceName("A").build()).build());
        for (int i = 0; i < 100; i++) {
            jetStream.publishAsync("a", new byte[] {(byte) i});
        }
        awaitMessages("S", 100);
        awaitMessages("M", 100);
        close();
        launch();
        for (int i = 100; i < 120; i++) {
            publish("a", "x");
        }
        awaitMessages("S", 120);
        awaitMessages("M", 120);
        assertEquals(120, management.getStreamInfo("S").getStreamState().getLastSequence());
        for (int i = 0; i < 100; i++) {
            assertEquals(i, management.getMessage("S", i + 1).getData()[0], "nothing twice and nothing left out");
        }
    }

    @Test
    void positionOutlivesTheCopies() throws Exception {
        management.addStream(stream("A").subjects("a").build());
        management.addStream(stream("S").sources(Source.builder().sourceName("A").build()).build());
        for (int i = 0; i < 10; i++) {
            publish("a", "x");
        }
        awaitMessages("S", 10);
        management.purgeStream("S");
        close();
        launch();
        publish("a", "new");
        awaitMessages("S", 1);
        assertEquals("new", text(management.getMessage("S", 11)));
    }

    @Test
    void expectationsOfThePublisherDoNotHoldForCopies() throws Exception {
        management.addStream(stream("A").subjects("a").build());
        jetStream.publish("a", new Headers().add("Nats-Expected-Stream", "A").add("Nats-Expected-Last-Sequence", "0")
                .add("Own", "kept"), new byte[1]);
        management.addStream(stream("S").sources(Source.builder().sourceName("A").build()).build());
        awaitMessages("S", 1);
        final Headers headers = management.getMessage("S", 1).getHeaders();
        assertNull(headers.get("Nats-Expected-Stream"));
        assertEquals("kept", headers.getFirst("Own"));
        assertNotNull(headers.get("Nats-Stream-Source"));
    }

    @Test
    void fullSourcedStreamThatDiscardsNewWaitsForRoom() throws Exception {
        management.addStream(stream("A").subjects("a").build());
        for (int i = 1; i <= 5; i++) {
            publish("a", "m" + i);
        }
        management.addStream(stream("S").maxMessages(3).discardPolicy(DiscardPolicy.New)
                .sources(Source.builder().sourceName("A").build()).build());
        awaitMessages("S", 3);
        management.deleteMessage("S", 1);
        await("last message", "m4", () -> text(management.getMessage("S",
                management.getStreamInfo("S").getStreamState().getLastSequence())));
        assertEquals(3, management.getStreamInfo("S").getStreamState().getMsgCount());
    }

    private void assertRefused(final int errorCode, final StreamConfiguration configuration) {
        final JetStreamApiException thrown =
                assertThrows(JetStreamApiException.class, () -> management.addStream(configuration));
        assertEquals(errorCode, thrown.getApiErrorCode(), thrown.getMessage());
    }

    @Test
    void sameSourceTwiceIsRefused() throws Exception {
        final String request = "{\"name\":\"S\",\"sources\":[{\"name\":\"B\",\"filter_subject\":\"x\"},"
                + "{\"name\":\"B\",\"filter_subject\":\"x\"}]}";
        final Message answer = connection.request("$JS.API.STREAM.CREATE.S", request.getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(10));
        assertTrue(new String(answer.getData(), StandardCharsets.UTF_8).contains("\"err_code\":10140"));
    }

    @Test
    void impossibleOriginsAreRefused() {
        final Mirror mirror = Mirror.builder().sourceName("A").build();
        assertRefused(10034, stream("M").subjects("m").mirror(mirror).build());
        assertRefused(10031,
                stream("M").mirror(mirror).sources(Source.builder().sourceName("B").build()).build());
        assertRefused(10143, stream("M").firstSequence(5).mirror(mirror).build());
        assertRefused(10144, stream("S").sources(Source.builder().sourceName("B").filterSubject("x").subjectTransforms(
                SubjectTransform.builder().source("y").destination("z").build()).build()).build());
        assertRefused(10147, stream("S").sources(Source.builder().sourceName("B").subjectTransforms(
                SubjectTransform.builder().source("y.>").destination("z.>").build(),
                SubjectTransform.builder().source("y.a").destination("q").build()).build()).build());
    }
}

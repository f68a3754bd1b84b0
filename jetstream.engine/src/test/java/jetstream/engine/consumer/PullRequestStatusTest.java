package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static jetstream.engine.consumer.ConsumerBench.explicit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import jetstream.api.config.PriorityPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer that a pull request can get without a message: spec/consumers.md sections 7 and 8. */
final class PullRequestStatusTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"batch\":11}|409 Exceeded MaxRequestBatch of 10",
        "11|409 Exceeded MaxRequestBatch of 10",
        "{\"expires\":90000000001}|409 Exceeded MaxRequestExpires of 1m30s",
        "{\"max_bytes\":2048}|409 Exceeded MaxRequestMaxBytes of 1024",
        "{\"expires\":1000000000,\"idle_heartbeat\":500000001}|400 Bad Request - heartbeat value too large",
        "{\"idle_heartbeat\":1}|400 Bad Request - heartbeat value too large",
        "{\"batch\":|400 Bad Request - unexpected end of JSON input",
        "{batch:1}|400 Bad Request - invalid character 'b' looking for beginning of object key string",
        "{\"batch\":\"x\"}|400 Bad Request - invalid value for field batch",
        "{\"batch\":1} x|400 Bad Request - invalid character 'x' after top-level value",
        "{\"min_pending\":1}|400 Bad Request - Not a Overflow Priority consumer",
        "{\"min_ack_pending\":1}|400 Bad Request - Not a Overflow Priority consumer",
        "{\"id\":\"x\"}|400 Bad Request - Not a Pinned Client Priority consumer",
        "{\"priority\":10}|400 Bad Request - Priority must be between 0 and 9",
        "{\"no_wait\":true}|404 No Messages",
    })
    void refusedRequest(final String body, final String status) {
        final ConsumerBench bench = new ConsumerBench(explicit().maxRequestBatch(10).maxRequestMaxBytes(1024)
                .maxRequestExpiresNs(90 * SECOND)).lead();
        bench.pull("r", body);
        assertEquals(List.of("r:" + status), bench.brief());
        assertEquals(0, bench.state().waiting());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "overflow|{}|400 Bad Request - Priority Group missing",
        "overflow|{\"group\":\"b\"}|400 Bad Request - Invalid Priority Group",
        "overflow|{\"group\":\"a\",\"id\":\"x\"}|400 Bad Request - Not a Pinned Client Priority consumer",
        "pinned_client|{\"group\":\"a\",\"min_pending\":1}|400 Bad Request - Not a Overflow Priority consumer",
        "pinned_client|{\"group\":\"a\",\"id\":\"x\"}|423 Nats-Pin-Id mismatch",
        "prioritized|{\"group\":\"a\",\"priority\":-1}|400 Bad Request - Priority must be between 0 and 9",
    })
    void refusedRequestOfAPriorityGroup(final String policy, final String body, final String status) {
        final ConsumerBench bench = new ConsumerBench(explicit().priorityGroups(List.of("a"))
                .priorityPolicy(PriorityPolicy.valueOf(policy.toUpperCase(Locale.ROOT)))).lead();
        bench.pull("r", body);
        assertEquals(List.of("r:" + status), bench.brief());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", " 1 ", "0", "-5", "text", "{}", " { } ", "{\"batch\":0}", "{\"batch\":-1}",
        "{\"unknown\":{\"a\":[1,\"}\"]},\"batch\":1}", "{\"batch\":null,\"no_wait\":false}", "{\"group\":\"ignored\"}",
        "{\"x\":\"quote \\\" inside\",\"batch\" : 1 }"})
    void requestForOneMessage(final String body) {
        final ConsumerBench bench = new ConsumerBench(explicit()).lead();
        bench.publish(3);
        bench.pull("r", body).settle();
        assertEquals(List.of("r:1/1*1"), bench.brief());
    }

    @Test
    void tooManyRequestsAreRefusedExceptWithHeartbeat() {
        final ConsumerBench bench = new ConsumerBench(explicit().maxWaiting(2)).lead();
        bench.pull("a", "").pull("b", "{\"expires\":1000000000}").pull("c", "")
                .pull("d", "{\"expires\":5000000000,\"idle_heartbeat\":1000000000}");
        assertEquals(List.of("c:409 Exceeded MaxWaiting"), bench.brief());

        bench.nowNs += SECOND;
        bench.pull("e", "");
        assertEquals(List.of("b:408 Request Timeout"), bench.brief());
        bench.outbox.gone.add("a");
        bench.pull("f", "");
        assertEquals(List.of(), bench.brief());
        assertEquals(2, bench.state().waiting());
    }

    @Test
    void pullOnAPushConsumerIsRefused() {
        final ConsumerBench bench = new ConsumerBench(ConsumerBench.push()).lead();
        bench.pull("r", "");
        assertEquals(List.of("r:409 Consumer is push based"), bench.brief());
    }

    @Test
    void waitingRequestsAreToldOfDeleteAndShutdown() {
        final ConsumerBench deleted = new ConsumerBench(explicit()).lead();
        deleted.pull("a", "").pull("b", "").settle();
        deleted.engine.onDeleted();
        assertEquals(List.of("a:409 Consumer Deleted", "b:409 Consumer Deleted"), deleted.brief());

        final ConsumerBench stopped = new ConsumerBench(explicit()).lead();
        stopped.pull("a", "7").settle();
        stopped.engine.onShutdown();
        final RecordingOutbox.Sent last = stopped.sent().getFirst();
        assertEquals("409 Server Shutdown", last.status());
        assertTrue(last.headers().contains("Nats-Pending-Messages: 7"));
    }

    @Test
    void nextLeaderTellsTheRequestsThatWaited() {
        final ConsumerBench bench = new ConsumerBench(explicit(), true).lead();
        bench.pull("a", "").pull("b", "2").settle();
        bench.publish(1);
        bench.settle();
        bench.sent();
        bench.engine.onFollower();
        final ConsumerEngine other = bench.newEngine();
        bench.log.forEach(entry -> ConsumerBench.apply(other, entry));
        bench.engine = other;

        bench.lead();

        assertEquals(List.of("b:409 Leadership Change"), bench.brief());
        bench.engine.onFollower();
        bench.lead();
        assertEquals(List.of(), bench.brief());
    }

    @Test
    void requestsWaitAndExpireWhilePaused() {
        final ConsumerBench bench = new ConsumerBench(
                explicit().pauseUntil(ConsumerBench.instant(ConsumerBench.EPOCH + 1_002 * SECOND))).lead();
        bench.publish(2);
        bench.pull("a", "{\"expires\":1000000000}").pull("b", "").settle();
        assertEquals(List.of(), bench.brief());
        assertEquals(bench.epochNs() + 2 * SECOND, bench.state().pausedUntilEpochNs());
        bench.after(SECOND);
        assertEquals(List.of("a:408 Request Timeout"), bench.brief());
        bench.after(SECOND);
        assertEquals(List.of("b:1/1*1"), bench.brief());
        assertEquals(List.of("resumed"), bench.events);
    }
}

package jetstream.engine.consumer;

import static jetstream.engine.consumer.ConsumerBench.SECOND;
import static jetstream.engine.consumer.ConsumerBench.explicit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import jetstream.api.config.PriorityPolicy;
import org.junit.jupiter.api.Test;

/** spec/consumers.md section 8. */
final class PriorityGroupTest {
    private static ConsumerBench bench(final PriorityPolicy policy) {
        return new ConsumerBench(explicit().priorityGroups(List.of("g")).priorityPolicy(policy)
                .priorityTimeoutNs(10 * SECOND)).lead();
    }

    @Test
    void overflowServesOnlyWhenEnoughIsPending() {
        final ConsumerBench bench = bench(PriorityPolicy.OVERFLOW);
        bench.pull("far", "{\"group\":\"g\",\"min_pending\":3,\"batch\":5}").settle();
        bench.publish(2);
        bench.settle();
        assertEquals(List.of(), bench.brief());
        bench.pull("near", "{\"group\":\"g\"}").settle();
        assertEquals(List.of("near:1/1*1"), bench.brief());
        bench.publish(2);
        bench.settle();
        assertEquals(List.of("far:2/2*1"), bench.brief());
    }

    @Test
    void overflowServesWhenEnoughWaitsForAcks() {
        final ConsumerBench bench = bench(PriorityPolicy.OVERFLOW);
        bench.publish(3);
        bench.pull("far", "{\"group\":\"g\",\"min_ack_pending\":2,\"batch\":5}").settle();
        assertEquals(List.of(), bench.brief());
        bench.pull("near", "{\"group\":\"g\",\"batch\":2}").settle();
        assertEquals(List.of("near:1/1*1", "near:2/2*1", "far:3/3*1"), bench.brief());
    }

    @Test
    void firstClientIsPinnedAndOthersWait() {
        final ConsumerBench bench = bench(PriorityPolicy.PINNED_CLIENT);
        bench.pull("a", "{\"group\":\"g\",\"batch\":2}").pull("b", "{\"group\":\"g\",\"batch\":2}");
        bench.publish(3);
        bench.settle();
        final List<RecordingOutbox.Sent> sent = bench.sent();
        assertEquals(List.of("a:1/1*1", "a:2/2*1"), sent.stream().map(ConsumerBench::brief).toList());
        final String pin = bench.state().pinnedId();
        assertEquals(22, pin.length());
        assertEquals("NATS/1.0\r\nNats-Pin-Id: " + pin + "\r\n\r\n", sent.getFirst().headers());
        assertEquals(List.of("pinned g"), bench.events);

        bench.pull("a", "{\"group\":\"g\",\"id\":\"" + pin + "\"}").settle();
        assertEquals(List.of("a:3/3*1"), bench.brief());
        bench.pull("c", "{\"group\":\"g\",\"id\":\"wrong\"}");
        assertEquals(List.of("c:423 Nats-Pin-Id mismatch"), bench.brief());
    }

    @Test
    void pinIsLostByTimeoutAndByRequest() {
        final ConsumerBench bench = bench(PriorityPolicy.PINNED_CLIENT);
        bench.publish(3);
        bench.pull("a", "{\"group\":\"g\"}").settle();
        final String pin = bench.state().pinnedId();
        bench.pull("a", "{\"group\":\"g\",\"id\":\"" + pin + "\",\"batch\":9}").settle();
        bench.pull("b", "{\"group\":\"g\",\"batch\":1}").settle();
        bench.sent();

        bench.after(10 * SECOND);
        bench.publish(1);
        bench.settle();
        final List<RecordingOutbox.Sent> sent = bench.sent();
        assertEquals(List.of("a:423 Nats-Wrong-Pin-Id", "b:4/4*1"), sent.stream().map(ConsumerBench::brief).toList());
        assertTrue(sent.getFirst().headers().contains("Nats-Pending-Messages: 7\r\n"));
        assertTrue(bench.engine.unpin());
        assertEquals(List.of("pinned g", "unpinned g timeout", "pinned g", "unpinned g admin"), bench.events);
    }

    @Test
    void urgentRequestsAreServedFirst() {
        final ConsumerBench bench = bench(PriorityPolicy.PRIORITIZED);
        bench.pull("low", "{\"group\":\"g\",\"priority\":5}").pull("a", "{\"group\":\"g\",\"batch\":2}")
                .pull("b", "{\"group\":\"g\",\"batch\":1}");
        bench.publish(4);
        bench.settle();
        assertEquals(List.of("a:1/1*1", "b:2/2*1", "a:3/3*1", "low:4/4*1"), bench.brief());
    }
}

package jetstream.engine.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.StreamConfig;
import org.junit.jupiter.api.Test;

class ConfigJsonTest {
    @Test
    void streamConfigSurvivesARoundTrip() {
        final String json = """
                {"name":"ORDERS","subjects":["orders.>"],"retention":"workqueue","max_msgs":5,"max_age":3600000000000,
                "discard":"new","storage":"memory","num_replicas":3,"placement":{"cluster":"C1","tags":["a"]},
                "sources":[{"name":"X","opt_start_time":"2024-01-02T03:04:05.000000006Z","filter_subject":"x.>",
                "external":{"api":"$JS.D.API"}}],"republish":{"dest":"r.>"},"consumer_limits":{"max_ack_pending":7},
                "metadata":{"b":"2","a":"1"},"allow_direct":true,"persist_mode":"async"}""";
        final StreamConfig config = StreamConfigJson.read(JsonObject.parse(json));

        final StreamConfig again = StreamConfigJson.decode(StreamConfigJson.encode(config));

        assertEquals(config, again);
        assertEquals(5, again.maxMsgs());
        assertEquals(-1, again.maxBytes());
        assertEquals("X", again.sources().getFirst().name());
    }

    @Test
    void consumerConfigSurvivesARoundTrip() {
        final String json = """
                {"durable_name":"D","deliver_policy":"by_start_sequence","opt_start_seq":9,"ack_policy":"explicit",
                "backoff":[1,2],"filter_subjects":["a","b"],"max_waiting":3,"priority_groups":["g"],
                "priority_policy":"overflow","pause_until":"2030-01-01T00:00:00Z"}""";
        final ConsumerConfig config = ConsumerConfigJson.read(JsonObject.parse(json));

        assertEquals(config, ConsumerConfigJson.decode(ConsumerConfigJson.encode(config)));
        assertEquals(2, config.backoffNs().size());
    }

    @Test
    void unknownFieldIsRefusedByName() {
        final JsonObject object = JsonObject.parse("{\"name\":\"A\",\"bogus\":1}");
        StreamConfigJson.read(object);

        final JsonException refused = assertThrows(JsonException.class, object::rejectUnknown);

        assertEquals("json: unknown field \"bogus\"", refused.getMessage());
    }

    @Test
    void brokenJsonSaysWhatIsWrong() {
        assertEquals("unexpected EOF",
                assertThrows(JsonException.class, () -> JsonObject.parse("{\"name\":\"A\"")).getMessage());
    }

    @Test
    void charactersThatHtmlWouldTakeAreEscaped() {
        final byte[] json = JsonText.object(t -> t.put("s", "a.>&<"));

        assertEquals("{\"s\":\"a.\\u003e\\u0026\\u003c\"}", new String(json, StandardCharsets.UTF_8));
    }

    @Test
    void timesAreWrittenWithNanosecondsAndZ() {
        assertEquals("2024-01-02T03:04:05.000000006Z", JsonText.time(1704164645000000006L));
        assertEquals("2024-01-02T03:04:05Z", JsonText.time(1704164645000000000L));
    }
}

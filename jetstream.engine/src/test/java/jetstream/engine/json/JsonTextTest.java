package jetstream.engine.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static final String LINE = Character.toString(0x2028);
    private static final String SMILE = Character.toString(0x1F600);

    private static final Map<String, String> WRITTEN = Map.of(
            "plain", "plain",
            "a<b>&c", "a\\u003cb\\u003e\\u0026c",
            "ünï.你好.>", "ünï.你好.\\u003e",
            SMILE, SMILE,
            LINE, "\\u2028",
            "q\"b\\", "q\\\"b\\\\");

    @Test
    void textsAreWrittenAsTheReferenceDoesAndComeBack() {
        WRITTEN.forEach((text, written) -> {
            final byte[] json = JsonText.object(t -> t.put("k", text).strings("l", List.of(text)));
            assertEquals("{\"k\":\"" + written + "\",\"l\":[\"" + written + "\"]}",
                    new String(json, StandardCharsets.UTF_8));
            assertEquals(text, JsonObject.parse(json).string("k", ""));
        });
    }
}

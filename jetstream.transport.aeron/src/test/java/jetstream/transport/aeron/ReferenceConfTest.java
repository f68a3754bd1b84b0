package jetstream.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The module's {@code reference.conf}. */
final class ReferenceConfTest {
    @Test
    void saysTheDefaultsOfTheCode() {
        final Map<String, String> written = ConfigFactory.parseResources("reference.conf")
                .getConfig("jetstream.transport.aeron")
                .entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, setting -> setting.getValue().unwrapped().toString()));
        assertEquals(AeronTransportConfig.of(Map.of()), AeronTransportConfig.of(written));
    }
}

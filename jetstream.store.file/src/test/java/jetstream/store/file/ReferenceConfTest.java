package jetstream.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import jetstream.api.store.StoreContext;
import org.junit.jupiter.api.Test;

/** The module's {@code reference.conf}. */
final class ReferenceConfTest {
    @Test
    void saysTheDefaultsOfTheCode() {
        final Map<String, String> written = ConfigFactory.parseResources("reference.conf")
                .getConfig("jetstream.store.file")
                .entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, setting -> setting.getValue().unwrapped().toString()));
        assertEquals(FileStoreConfig.of(context(Map.of())),
                FileStoreConfig.of(context(written)));
    }

    private static StoreContext context(final Map<String, String> settings) {
        return new StoreContext(Path.of("unused"), "n", settings, (warning, text) -> {});
    }
}

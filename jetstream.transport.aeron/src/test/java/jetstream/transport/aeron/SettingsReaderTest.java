package jetstream.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import jetstream.api.transport.Lane;
import jetstream.api.transport.TransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsReaderTest {
    @ParameterizedTest
    @CsvSource({"65536,65536", "64k,65536", "64KB,65536", "1m,1048576", "1 MiB,1048576"})
    void bytesAreReadWithUnits(final String text, final int expected) {
        assertEquals(expected, AeronTransportConfig.of(Map.of("term_length.data", text)).termLength(Lane.DATA));
    }

    @ParameterizedTest
    @CsvSource({"200,200000000", "200ms,200000000", "3s,3000000000", "500000 us,500000000"})
    void durationsAreReadWithUnits(final String text, final long expected) {
        assertEquals(expected, AeronTransportConfig.of(Map.of("liveness_timeout", text)).livenessTimeoutNs());
    }

    @ParameterizedTest
    @CsvSource({"term_length.data,100000", "term_length.data,32k", "mtu,1 kg", "liveness_timeout,1 hour", "mtu,-1",
        "idle_interval,1s", "liveness_timeout,''", "socket_buffer,99999999999999999999"})
    void wrongValueIsNamed(final String key, final String text) {
        final TransportException e = assertThrows(TransportException.class,
                () -> AeronTransportConfig.of(Map.of(key, text)));
        assertTrue(e.getMessage().startsWith("jetstream.transport.aeron." + key + " is " + text), e.getMessage());
    }

    @Test
    void unknownKeyIsNamed() {
        final TransportException e = assertThrows(TransportException.class,
                () -> AeronTransportConfig.of(Map.of("term_lenght.data", "1m")));
        assertTrue(e.getMessage().contains("jetstream.transport.aeron.term_lenght.data"), e.getMessage());
    }

    @Test
    void defaultsFitIntoContainersMemory() {
        final AeronTransportConfig config = AeronTransportConfig.of(Map.of());
        assertTrue(2 * config.linkLength() + (12 << 20) < 64 << 20);
        assertEquals(TimeUnit.SECONDS.toNanos(2), config.livenessTimeoutNs());
    }
}

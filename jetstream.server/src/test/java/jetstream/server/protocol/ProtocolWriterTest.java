package jetstream.server.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtocolWriterTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9, 10, 42, 99, 100, 101, 999, 1_000, 4_096, 65_536, 999_999_999, Integer.MAX_VALUE})
    void numbersAreDecimal(final int value) {
        final byte[] out = new byte[12];
        final int end = ProtocolWriter.number(out, 1, value);
        assertEquals(Integer.toString(value), new String(out, 1, end - 1, StandardCharsets.US_ASCII));
        assertEquals(end - 1, ProtocolWriter.digits(value));
    }
}

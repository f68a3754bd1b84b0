package jetstream.engine.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({"0,0s", "1,1ns", "1500,1.5µs", "250000000,250ms", "1000000000,1s", "1500000000,1.5s",
        "90000000000,1m30s",
        "3600000000000,1h0m0s", "-1000000000,-1s"})
    void durationIsWrittenAsGoWritesIt(final long ns, final String text) {
        assertEquals(text, GoDuration.text(ns));
    }
}

package jetstream.engine.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.stream.Stream;
import jetstream.api.config.Discard;
import jetstream.api.config.Storage;
import jetstream.api.config.StreamConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules and defaults of spec/streams.md, sections 1 and 2. */
class StreamConfigCheckTest {
    private static final AssetLimits CLUSTERED = new AssetLimits(true, 0, 0, 0, 1000, 1 << 20);
    private static final AssetLimits ALONE = new AssetLimits(false, 0, 0, 0, 1000, 1 << 20);

    private static StreamConfig.Builder orders() {
        return StreamConfig.builder().name("ORDERS");
    }

    private static Stream<Arguments> refusals() {
        return Stream.of(Arguments.of(StreamConfig.builder(), 10052),
                Arguments.of(StreamConfig.builder().name("a.b"), 10052),
                Arguments.of(StreamConfig.builder().name("x".repeat(256)), 10052),
                Arguments.of(orders().description("d".repeat(4097)), 10052), Arguments.of(orders().replicas(6), 10052),
                Arguments.of(orders().replicas(-1), 10133), Arguments.of(orders().maxAgeNs(1), 10052),
                Arguments.of(orders().duplicateWindowNs(-1), 10052),
                Arguments.of(orders().maxAgeNs(1_000_000_000L).duplicateWindowNs(2_000_000_000L), 10052),
                Arguments.of(orders().subjects(List.of("a", "a")), 10052),
                Arguments.of(orders().subjects(List.of("a.*", "a.b")), 10052),
                Arguments.of(orders().subjects(List.of("a..b")), 10052),
                Arguments.of(orders().subjects(List.of(">")), 10052),
                Arguments.of(orders().subjects(List.of("$JS.API.>")), 10052),
                Arguments.of(orders().discardNewPerSubject(true), 10052),
                Arguments.of(orders().allowRollup(true).denyPurge(true), 10052),
                Arguments.of(orders().sealed(true), 10052),
                Arguments.of(orders().mirrorDirect(true), 10052));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void impossibleConfigurationIsRefusedWithItsCode(final StreamConfig.Builder asked, final int errCode) {
        assertEquals(errCode, new StreamConfigCheck(CLUSTERED).create(asked.build(), false).failure().errCode());
    }

    @Test
    void absentFieldsTakeTheirDefaults() {
        final StreamConfig config =
                new StreamConfigCheck(ALONE).create(orders().maxMsgs(0).replicas(0).build(), false).config();

        assertEquals(List.of("ORDERS"), config.subjects());
        assertEquals(-1, config.maxMsgs());
        assertEquals(1, config.replicas());
        assertEquals(120_000_000_000L, config.duplicateWindowNs());
        assertEquals("0", config.metadata().get(StreamConfigCheck.REQUIRED_LEVEL));
    }

    @Test
    void replicasNeedACluster() {
        assertEquals(10074,
                new StreamConfigCheck(ALONE).create(orders().replicas(3).build(), false).failure().errCode());
    }

    @Test
    void pedanticRequestIsNotCorrected() {
        assertEquals(10157,
                new StreamConfigCheck(ALONE).create(orders().maxMsgs(-2).build(), true).failure().errCode());
        assertNull(new StreamConfigCheck(ALONE).create(orders().maxMsgs(-2).build(), false).failure());
    }

    @Test
    void sealingForcesWhatItMeans() {
        final StreamConfig sealed = new StreamConfigCheck(ALONE)
                .check(orders().sealed(true).maxAgeNs(1_000_000_000L).build(), false).config();

        assertEquals(Discard.NEW, sealed.discard());
        assertEquals(0, sealed.maxAgeNs());
    }

    @Test
    void storageAndOneWayFlagsCanNotBeUpdated() {
        final StreamConfigCheck check = new StreamConfigCheck(ALONE);
        final StreamConfig before = check.create(orders().denyDelete(true).build(), false).config();

        assertEquals(10052,
                StreamUpdateCheck.failure(before, before.toBuilder().storage(Storage.MEMORY).build()).errCode());
        assertEquals(10052, StreamUpdateCheck.failure(before, before.toBuilder().denyDelete(false).build()).errCode());
        assertNull(StreamUpdateCheck.failure(before, before.toBuilder().maxMsgs(7).build()));
    }
}

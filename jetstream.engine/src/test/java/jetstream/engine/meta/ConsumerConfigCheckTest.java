package jetstream.engine.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import jetstream.api.config.AckPolicy;
import jetstream.api.config.ConsumerConfig;
import jetstream.api.config.DeliverPolicy;
import jetstream.api.config.PriorityPolicy;
import jetstream.api.config.Retention;
import jetstream.api.config.StreamConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules and defaults of spec/consumers.md, section 1. */
class ConsumerConfigCheckTest {
    private static final AssetLimits LIMITS = new AssetLimits(true, 0, 0, 0, 1000, 1 << 20);
    private static final StreamConfig STREAM =
            StreamConfig.builder().name("S").subjects(List.of("s.>")).replicas(3).build();

    private static ConsumerConfig.Builder pull() {
        return ConsumerConfig.builder().durableName("D").ackPolicy(AckPolicy.EXPLICIT);
    }

    private static ConsumerConfig.Builder push() {
        return pull().deliverSubject("deliver.here");
    }

    private static Stream<Arguments> refusals() {
        return Stream.of(Arguments.of(ConsumerConfig.builder().durableName("a.b"), 10103),
                Arguments.of(pull().name("other"), 10132), Arguments.of(ConsumerConfig.builder().name("a/b"), 10127),
                Arguments.of(pull().description("d".repeat(4097)), 10107), Arguments.of(pull().ackWaitNs(-1), 10183),
                Arguments.of(pull().backoffNs(List.of(-1L)), 10184), Arguments.of(pull().rateLimitBps(1), 10086),
                Arguments.of(pull().flowControl(true), 10089), Arguments.of(pull().idleHeartbeatNs(1), 10088),
                Arguments.of(pull().maxRequestExpiresNs(1), 10115), Arguments.of(push().maxWaiting(1), 10080),
                Arguments.of(push().deliverSubject("a.*"), 10079), Arguments.of(push().deliverSubject("s.x"), 10081),
                Arguments.of(push().idleHeartbeatNs(1), 10083), Arguments.of(push().flowControl(true), 10108),
                Arguments.of(push().ackPolicy(AckPolicy.NONE).maxAckPending(1), 10082),
                Arguments.of(pull().maxDeliver(1).backoffNs(List.of(1L, 2L)), 10116),
                Arguments.of(pull().filterSubject("a").filterSubjects(List.of("b")), 10136),
                Arguments.of(pull().filterSubjects(List.of("a", "")), 10139),
                Arguments.of(pull().filterSubjects(List.of("a.*", "a.b")), 10138),
                Arguments.of(pull().optStartSeq(3), 10094),
                Arguments.of(pull().optStartTime(Instant.EPOCH), 10094),
                Arguments.of(pull().deliverPolicy(DeliverPolicy.BY_START_SEQUENCE), 10094),
                Arguments.of(pull().deliverPolicy(DeliverPolicy.LAST_PER_SUBJECT), 10094),
                Arguments.of(pull().replicas(5), 10126), Arguments.of(pull().sampleFreq("x"), 10095),
                Arguments.of(pull().priorityGroups(List.of("g")), 10196),
                Arguments.of(pull().priorityPolicy(PriorityPolicy.OVERFLOW), 10159),
                Arguments.of(push().priorityPolicy(PriorityPolicy.OVERFLOW).priorityGroups(List.of("g")), 10178),
                Arguments.of(pull().priorityPolicy(PriorityPolicy.OVERFLOW).priorityGroups(List.of("g g")), 10162));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void impossibleConfigurationIsRefusedWithItsCode(final ConsumerConfig.Builder asked, final int errCode) {
        assertEquals(errCode, new ConsumerConfigCheck(LIMITS).check(asked.build(), STREAM, false).failure().errCode());
    }

    @Test
    void absentFieldsTakeTheirDefaults() {
        final ConsumerConfig config = new ConsumerConfigCheck(LIMITS).check(pull().build(), STREAM, false).config();

        assertEquals(30_000_000_000L, config.ackWaitNs());
        assertEquals(1000, config.maxAckPending());
        assertEquals(512, config.maxWaiting());
        assertEquals(-1, config.maxDeliver());
        assertEquals(0, config.inactiveThresholdNs());
    }

    @Test
    void ephemeralIsDeletedWhenIdle() {
        final ConsumerConfig config =
                new ConsumerConfigCheck(LIMITS).check(ConsumerConfig.builder().build(), STREAM, false)
                        .config();

        assertEquals(5_000_000_000L, config.inactiveThresholdNs());
    }

    @Test
    void workQueueWantsExplicitAcksFromItsBeginning() {
        final StreamConfig queue = STREAM.toBuilder().retention(Retention.WORKQUEUE).build();
        final ConsumerConfigCheck check = new ConsumerConfigCheck(LIMITS);

        assertEquals(10084, check.check(pull().ackPolicy(AckPolicy.NONE).build(), queue, false).failure().errCode());
        assertEquals(10098, check.check(push().ackPolicy(AckPolicy.NONE).build(), queue, false).failure().errCode());
        assertEquals(10101,
                check.check(pull().deliverPolicy(DeliverPolicy.NEW).build(), queue, false).failure().errCode());
    }
}

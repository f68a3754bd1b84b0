package jetstream.engine.stream;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;

/**
 * Gives a counter message its payload, the new total, before the leader proposes it. Totals of messages in flight are
 * remembered until all in flight are applied, or until one of them was not stored: then counting starts anew from
 * applied state, and what had counted on the lost one is refused when it is applied. Owner: the shard thread of the
 * leader.
 */
final class CounterIngest {
    private static final int SUBJECTS_MAX = 10_000;

    private record InFlight(BigInteger total, long hash) {
    }

    private final StreamEngine engine;
    private final Map<String, InFlight> inFlight = new HashMap<>();
    private final MessageView last = new MessageView();
    private long outstanding;
    private long appliedBefore;
    private long breaksBefore;

    CounterIngest(final StreamEngine engine) {
        this.engine = engine;
    }

    /** Points the draft at its total; returns null if it may be proposed. The increment is a number. */
    ApiFailure prepare(final PublishDraft draft, final HeaderScanner headers) {
        forgetIfSettled();
        final String subject = new String(draft.subject(), 0, draft.subjectLength(), StandardCharsets.UTF_8);
        final InFlight before = inFlight.get(subject);
        long countedOn = -1;
        BigInteger total = before == null ? BigInteger.ZERO : before.total;
        if (before == null) {
            countedOn = engine.lastOfSubject(draft.subject(), draft.subjectLength());
            if (countedOn != 0) {
                final String applied = engine.message(countedOn, last) ? CounterValue.total(last) : null;
                if (applied == null) {
                    return ApiError.MESSAGE_COUNTER_BROKEN.failure();
                }
                total = new BigInteger(applied);
            }
        }
        final String increment = headers.text(HeaderField.INCREMENT);
        total = total.add(new BigInteger(increment.startsWith("+") ? increment.substring(1) : increment));
        final ByteBuffer payload = ByteBuffer.wrap(CounterValue.payload(total));
        draft.payload(payload, 0, payload.capacity()).countsOn(countedOn, before == null ? 0 : before.hash);
        inFlight.put(subject, new InFlight(total, CounterValue.hash(payload, 0, payload.capacity())));
        outstanding++;
        return null;
    }

    private void forgetIfSettled() {
        final CounterGuard guard = engine.contents().counters();
        if (guard.breaks() != breaksBefore || guard.applied() - appliedBefore >= outstanding
                || inFlight.size() >= SUBJECTS_MAX) {
            inFlight.clear();
            outstanding = 0;
            appliedBefore = guard.applied();
            breaksBefore = guard.breaks();
        }
    }
}

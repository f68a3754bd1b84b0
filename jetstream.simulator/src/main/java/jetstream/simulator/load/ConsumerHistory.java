package jetstream.simulator.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a client of a consumer saw and did. */
public final class ConsumerHistory {
    /**
     * A delivery.
     *
     * @param seq stream sequence
     * @param count how often the message was delivered by then
     * @param consumerSeq consumer sequence
     * @param sentNs when the node sent it
     * @param publishId which message it was; -1 if it was none of ours
     */
    public record Delivery(long seq, int count, long consumerSeq, long sentNs, long publishId) {
    }

    private final String name;
    private final int deliveriesMax;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final Map<Long, Long> confirmedNs = new HashMap<>();
    private final Map<Long, Long> ackSentNs = new HashMap<>();
    private boolean isCreated;

    ConsumerHistory(final String name, final int deliveriesMax) {
        this.name = name;
        this.deliveriesMax = deliveriesMax;
    }

    /** Consumer name. */
    public String name() {
        return name;
    }

    /** How often a message may be delivered; -1 without end. */
    public int deliveriesMax() {
        return deliveriesMax;
    }

    /** Whether its creation was answered. */
    public boolean isCreated() {
        return isCreated;
    }

    /** All deliveries that arrived. */
    public List<Delivery> deliveries() {
        return deliveries;
    }

    /** When the answer to an ack of that sequence arrived; {@code Long.MAX_VALUE} if none did. */
    public long confirmedNs(final long seq) {
        return confirmedNs.getOrDefault(seq, Long.MAX_VALUE);
    }

    /** Whether an ack was sent, whatever became of it. */
    public boolean wasAckSent(final long seq) {
        return ackSentNs.containsKey(seq);
    }

    void created() {
        isCreated = true;
    }

    void delivered(final Delivery delivery) {
        deliveries.add(delivery);
    }

    void ackSent(final long seq, final long nowNs) {
        ackSentNs.putIfAbsent(seq, nowNs);
    }

    void confirmed(final long seq, final long nowNs) {
        confirmedNs.merge(seq, nowNs, Math::min);
    }
}

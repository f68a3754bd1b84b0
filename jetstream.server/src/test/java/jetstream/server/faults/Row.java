package jetstream.server.faults;

import java.util.Locale;

/**
 * What one fault did.
 *
 * @param fault its name
 * @param ops messages published, acknowledged or not
 * @param acked messages acknowledged
 * @param lost acknowledged, but missing or moved on a replica
 * @param doubled stored twice
 * @param diverged sequences at which replicas differ; -1 if they could not be compared
 * @param gapMs longest silence of acknowledgements on any stream from the fault on
 * @param ackMs from the mending to the first acknowledgement and delivery on every stream; -1 for never
 * @param levelMs from the mending until every replica had what the cluster had then; -1 for never
 * @param died servers that ended by themselves
 * @param notes what else there is to say
 */
record Row(String fault, int ops, int acked, int lost, int doubled, int diverged, long gapMs, long ackMs, long levelMs,
        int died, String notes) {
    static final String HEAD = """
            | fault | ops | acked | lost | doubled | diverged | gap ms | ack ms | level ms | died | notes |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|""";

    /** The row of a fault that can not be made here. */
    static Row skipped(final String fault, final String reason) {
        return new Row(fault, 0, 0, 0, 0, 0, 0, 0, 0, 0, "not run: " + reason);
    }

    /** The row of a fault whose run ended early; never clean. */
    static Row failed(final String fault, final String reason) {
        return new Row(fault, 0, 0, 0, 0, -1, 0, -1, -1, 0,
                "run ended early: " + reason.lines().findFirst().orElse(""));
    }

    boolean isSkipped() {
        return notes.startsWith("not run: ");
    }

    /** Nothing lost, doubled or different, and everything went on. How fast is not judged here. */
    boolean isClean() {
        return isSkipped() || lost + doubled == 0 && diverged == 0 && acked > 0 && ackMs >= 0 && levelMs >= 0;
    }

    @Override
    public String toString() {
        return isSkipped() ? String.format(Locale.ROOT, "| %s | | | | | | | | | | %s |", fault, notes)
                : String.format(Locale.ROOT, "| %s | %d | %d | %d | %d | %d | %d | %s | %s | %d | %s |", fault, ops,
                        acked,
                        lost, doubled, diverged, gapMs, time(ackMs), time(levelMs), died, notes);
    }

    private static String time(final long ms) {
        return ms < 0 ? "never" : Long.toString(ms);
    }
}

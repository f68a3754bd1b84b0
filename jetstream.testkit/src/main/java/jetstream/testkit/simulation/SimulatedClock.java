package jetstream.testkit.simulation;

import java.util.PriorityQueue;

/** Simulated time and what is to happen in it. Events of one time happen in the order in which they were asked for. */
public final class SimulatedClock {
    private record Event(long atNs, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(final Event other) {
            final int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final int EVENTS_AT_ONCE_MAX = 20_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNs = 1_000_000_000L;
    private long order;
    private int eventsNow;

    /** A clock that starts at one second. */
    public SimulatedClock() {
    }

    /** Simulated monotonic time. */
    public long nowNs() {
        return nowNs;
    }

    /** Number of events that happened or are planned; a measure of the work of a run. */
    public long events() {
        return order;
    }

    /** Plans an action; a time that has passed means now. */
    public void at(final long timeNs, final Runnable action) {
        events.add(new Event(Math.max(timeNs, nowNs), order++, action));
    }

    /** Plans an action that many nanoseconds from now. */
    public void after(final long delayNs, final Runnable action) {
        at(nowNs + delayNs, action);
    }

    /** Lets everything happen that is planned up to that time, and sets the time. */
    public void runUntil(final long timeNs) {
        while (!events.isEmpty() && events.peek().atNs() <= timeNs) {
            final Event event = events.poll();
            eventsNow = event.atNs() == nowNs ? eventsNow + 1 : 0;
            if (eventsNow > EVENTS_AT_ONCE_MAX) {
                throw new IllegalStateException(
                        "time stands still: something asks to be called again at once for ever");
            }
            nowNs = event.atNs();
            event.action().run();
        }
        nowNs = Math.max(nowNs, timeNs);
    }
}

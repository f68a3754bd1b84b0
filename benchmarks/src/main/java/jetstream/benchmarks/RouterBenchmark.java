package jetstream.benchmarks;

import java.nio.charset.StandardCharsets;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;
import jetstream.server.route.Receiver;
import jetstream.server.route.SubjectRouter;
import jetstream.server.route.Subscription;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A message to its subscribers: among many subscriptions, one literal, one with {@code *} and one with {@code >} match.
 * With few subjects the router remembers the answer, with many it has to look.
 */
public class RouterBenchmark extends LayerBenchmark {
    /** Subscriptions besides the three that match. */
    @Param({"10", "100000"}) public int subscriptions;

    /** Different subjects that are published to. */
    @Param({"16", "65536"}) public int subjects;

    private final SubjectRouter router = new SubjectRouter("$SYS", 1);
    private final Count count = new Count();
    private final Msg msg = new Msg();
    private Account account;
    private byte[][] published;
    private int next;

    /** Fills the router. */
    @Setup
    public void subscribe() {
        account = router.account("$G");
        for (int i = 0; i < subscriptions; i++) {
            subscribe("other." + i % 1000 + "." + i);
        }
        subscribe("orders.*.new");
        subscribe("orders.>");
        published = new byte[subjects][];
        for (int i = 0; i < subjects; i++) {
            published[i] = ("orders." + i + ".new").getBytes(StandardCharsets.US_ASCII);
            if (i < 16) {
                subscribe("orders." + i + ".new");
            }
        }
    }

    /** Finds the subscribers and calls each. */
    @Benchmark
    public long publish() {
        final byte[] subject = published[next++ % subjects];
        router.publish(account, msg.clear().subject(subject, 0, subject.length));
        return count.delivered;
    }

    private void subscribe(final String subject) {
        final byte[] pattern = subject.getBytes(StandardCharsets.US_ASCII);
        router.subscribe(new Subscription(account, count, pattern, null, new byte[] {'1'}, false));
    }

    private static final class Count implements Receiver {
        private long delivered;

        @Override
        public boolean deliver(final Subscription subscription, final Msg msg) {
            delivered++;
            return true;
        }

        @Override
        public void onEnded(final Subscription subscription) {
            delivered = 0;
        }
    }
}

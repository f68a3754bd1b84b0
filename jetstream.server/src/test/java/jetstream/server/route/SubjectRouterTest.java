package jetstream.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jetstream.engine.subject.SubjectMatcher;
import org.junit.jupiter.api.Test;

/** What a handler may do while a message is handed out, and that the match cache never shows. */
final class SubjectRouterTest {
    private final SubjectRouter router = new SubjectRouter("$SYS", 3);
    private final Account account = router.account("A");
    private final List<String> log = new ArrayList<>();

    private int publish(final String subject) {
        return router.publish(account, new Msg().clear().subject(subject));
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void handlerMayPublishTheSameSubjectAgain() {
        final int[] depth = {0};
        router.subscribe(account, "a", null, (acc, origin, msg) -> {
            log.add(msg.subjectText() + depth[0]);
            if (depth[0]++ < 3) {
                publish("a");
                publish("b");
            }
        });
        router.subscribe(account, "b", "q", (acc, origin, msg) -> log.add("b"));
        assertEquals(1, publish("a"));
        assertEquals(List.of("a0", "a1", "a2", "a3", "b", "b", "b"), log);
    }

    @Test
    void handlerMaySubscribeAndCancelMeanwhile() {
        final List<InternalSubscription> others = new ArrayList<>();
        router.subscribe(account, "x", null, (acc, origin, msg) -> {
            log.add("first");
            others.removeFirst().cancel();
            others.add(router.subscribe(account, "x", null, (a, o, m) -> log.add("new")));
            router.hasInterest(account, bytes("x"), 1);
        });
        others.add(router.subscribe(account, "x", null, (acc, origin, msg) -> log.add("second")));

        assertEquals(1, publish("x"));
        assertEquals(List.of("first"), log);
        assertEquals(1, publish("x"));
        assertEquals(List.of("first", "first"), log);
    }

    @Test
    void queueMemberThatEndsItselfDoesNotLoseOthers() {
        final List<InternalSubscription> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            final int number = i;
            members.add(router.subscribe(account, "w", "q", (acc, origin, msg) -> {
                log.add("m" + number);
                members.get(number).cancel();
            }));
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(1, publish("w"));
        }
        assertEquals(0, publish("w"));
        assertEquals(10, log.stream().distinct().count());
    }

    @Test
    void listenersHearPlainEdgesAndEachQueueMember() {
        router.addListener((acc, subject, queue, count) -> log.add(new String(subject, StandardCharsets.UTF_8)
                + (queue == null ? "" : " " + new String(queue, StandardCharsets.UTF_8)) + "=" + count));
        final InternalSubscription first = router.subscribe(account, "p", null, (acc, origin, msg) -> {});
        final InternalSubscription second = router.subscribe(account, "p", null, (acc, origin, msg) -> {});
        final InternalSubscription member = router.subscribe(account, "p", "q", (acc, origin, msg) -> {});
        router.subscribe(account, "p", "q", (acc, origin, msg) -> {});
        router.subscribeLocally(account, "p", null, (acc, origin, msg) -> {});
        first.cancel();
        first.cancel();
        second.cancel();
        member.cancel();
        assertEquals(List.of("p=1", "p q=1", "p q=2", "p=0", "p q=1"), log);
    }

    @Test
    void watchTellsEdgesOnly() {
        final InterestWatch watch = router.watch(account, "d.1", null, isThere -> log.add("" + isThere));
        final InterestWatch group = router.watch(account, "d.1", "g", isThere -> log.add("g" + isThere));
        assertFalse(watch.hasInterest());
        final InternalSubscription wild = router.subscribe(account, "d.*", null, (acc, origin, msg) -> {});
        final InternalSubscription exact = router.subscribe(account, "d.1", "g", (acc, origin, msg) -> {});
        wild.cancel();
        exact.cancel();
        group.cancel();
        router.subscribe(account, "d.>", "g", (acc, origin, msg) -> {});
        assertEquals(List.of("true", "gtrue", "false", "gfalse", "true"), log);
    }

    /** Far more subjects than the cache holds, with interest that changes all the time, against matching one by one. */
    @Test
    void cacheAnswersAsMatchingOneByOneWould() {
        final long seed = 77L;
        final Random random = new Random(seed);
        final Map<String, InternalSubscription> model = new HashMap<>();
        for (int round = 0; round < 60_000; round++) {
            if (random.nextInt(8) == 0) {
                change(random, model);
            }
            final String subject = "s." + random.nextInt(90) + "." + random.nextInt(90);
            final long expected = model.keySet().stream()
                    .filter(p -> SubjectMatcher.covers(bytes(p), p.length(), bytes(subject), subject.length())).count();
            assertEquals(expected, publish(subject), "seed " + seed + " round " + round + " " + subject);
        }
        assertTrue(account.matchCacheHits() > 0);
    }

    private void change(final Random random, final Map<String, InternalSubscription> model) {
        final String pattern = switch (random.nextInt(4)) {
            case 0 -> "s." + random.nextInt(90) + ".>";
            case 1 -> "s.*." + random.nextInt(90);
            default -> "s." + random.nextInt(90) + "." + random.nextInt(90);
        };
        final InternalSubscription known = model.remove(pattern);
        if (known != null) {
            known.cancel();
        } else if (model.size() < 40) {
            model.put(pattern, router.subscribe(account, pattern, null, (acc, origin, msg) -> {}));
        }
    }

    @Test
    void subscriptionOfAReceiverIsFoundByReply() {
        final Receiver receiver = new Receiver() {
            @Override
            public boolean deliver(final Subscription subscription, final Msg msg) {
                return true;
            }

            @Override
            public void onEnded(final Subscription subscription) {
                log.add("ended");
            }
        };
        final Subscription inbox =
                new Subscription(account, receiver, bytes("_INBOX.*"), null, bytes("9"), false);
        router.subscribe(inbox);
        inbox.max(2);
        assertEquals(inbox, router.subscriptionOf(account, receiver, bytes("_INBOX.a"), 8));
        assertNull(router.subscriptionOf(account, receiver, bytes("other"), 5));
        publish("_INBOX.a");
        publish("_INBOX.b");
        assertEquals(List.of("ended"), log);
        assertEquals(0, publish("_INBOX.c"));
    }
}

package jetstream.simulator.load;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import jetstream.simulator.world.Mail;
import jetstream.simulator.world.NodeProcess;
import jetstream.simulator.world.WholeNode;
import jetstream.simulator.world.World;

/** Requests of clients: each goes to a node that leads, or believes so, and ends with an answer or without. */
final class Calls {
    private static final long NO_RESPONDERS_NS = 50_000_000L;

    private final World world;
    private final SplittableRandom random;

    Calls(final World world, final SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    World world() {
        return world;
    }

    SplittableRandom random() {
        return random;
    }

    long nowNs() {
        return world.clock().nowNs();
    }

    void after(final long delayNs, final Runnable action) {
        world.clock().after(delayNs, action);
    }

    /** A node at which the predicate holds; one of them by chance, null if there is none. */
    WholeNode leading(final Predicate<NodeProcess> leads) {
        final List<WholeNode> candidates = new ArrayList<>();
        for (final WholeNode node : world.nodes()) {
            if (node.isUp() && !node.process().hasFailed() && leads.test(node.process())) {
                candidates.add(node);
            }
        }
        return candidates.isEmpty() ? null : candidates.get(random.nextInt(candidates.size()));
    }

    /**
     * Sends a request with a reply subject.
     *
     * @param done told the answer, once; null if none came in time, or nobody leads
     */
    void ask(final Predicate<NodeProcess> leads, final BiConsumer<NodeProcess, String> request, final long timeoutNs,
            final Consumer<Mail> done) {
        final WholeNode node = leading(leads);
        if (node == null) {
            after(NO_RESPONDERS_NS, () -> done.accept(null));
            return;
        }
        final Call call = new Call(done);
        call.inbox = world.clients().open(call::end);
        world.clients().send(node, process -> request.accept(process, call.inbox));
        after(timeoutNs, () -> call.end(null));
    }

    private final class Call {
        private final Consumer<Mail> done;
        private String inbox;
        private boolean isOver;

        Call(final Consumer<Mail> done) {
            this.done = done;
        }

        void end(final Mail answer) {
            if (!isOver) {
                isOver = true;
                world.clients().close(inbox);
                done.accept(answer);
            }
        }
    }
}

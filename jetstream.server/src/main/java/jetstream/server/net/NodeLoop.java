package jetstream.server.net;

import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node thread: client sockets, the transport's channels and all agents share it and one selector (DESIGN section
 * 6). Each turn runs socket I/O and tasks, then every agent once, then hands the output of the turn to the sockets,
 * one write per connection. It blocks in the selector only in a turn after one in which the agents had little work, at
 * most until the earliest deadline, and is woken by readable channels and by {@link #wakeup} and {@link #execute} of
 * other threads.
 *
 * <p>Invariants: (I1) everything registered here is touched by the node thread only; (I2) output is flushed in the
 * turn in which it was made; (I3) a turn never blocks while an agent says, by its deadline, that it has more to do.
 */
public final class NodeLoop implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLoop.class);
    private static final long TASK_BUDGET_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long JOIN_MS = 10_000;
    /** The selector counts in milliseconds: a wait is rounded up to them, so that it never spins before a deadline. */
    private static final long SELECT_STEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A turn with more work than this may have been cut short by a limit: the next one looks again at once. */
    private static final int LITTLE_WORK = 8;

    static {
        // Netty makes ids of its channels unique in the world by looking at all network interfaces: 100 ms at start,
        // and a warning where there are none. Unique in this process is enough.
        System.setProperty("io.netty.machineId", System.getProperty("io.netty.machineId", "00:00:00:00:00:01"));
        System.setProperty("io.netty.processId", System.getProperty("io.netty.processId", "1"));
    }

    private final Thread thread;
    private final ManualIoEventLoop loop;
    private final long blockMaxNs;
    private final Bell bell = new Bell();
    private final List<DutyAgent> agents = new ArrayList<>();
    private final ArrayList<Runnable> turnEnds = new ArrayList<>();
    private boolean isStopping;
    private volatile Consumer<Throwable> failureListener = failure -> {};
    private boolean isIdleInHaste;
    private long turns;
    private long longestTurnNs;

    /**
     * Makes the thread; it runs after {@link #start()}.
     *
     * @param name       name of the thread
     * @param blockMaxNs longest time in the selector in nanoseconds; above 0
     */
    public NodeLoop(final String name, final long blockMaxNs) {
        this.blockMaxNs = blockMaxNs;
        this.thread = new FastThreadLocalThread(this::run, name);
        thread.setUncaughtExceptionHandler(this::onUncaught);
        this.loop = new ManualIoEventLoop(thread, NioIoHandler.newFactory());
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Netty's face of this thread, for channels and timers. */
    public ManualIoEventLoop eventLoop() {
        return loop;
    }

    /** Whether the caller is the node thread. */
    public boolean isNodeThread() {
        return Thread.currentThread() == thread;
    }

    /** Runs a task on the node thread, soon; wakes it. Any thread. */
    @Override
    public void execute(final Runnable task) {
        loop.execute(task);
    }

    /** Ends a blocking select at once: the agents get a turn that sees what the caller did before. Any thread. */
    public void wakeup() {
        bell.ring();
    }

    /**
     * Asks the node thread for something, for instance a copy of its state. Any thread but the node thread may wait
     * for it.
     *
     * @param question runs on the node thread
     * @return completed with the answer or with what the question threw
     */
    public <T> CompletableFuture<T> ask(final Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, this);
    }

    /** Adds an agent at the end of the turn's order. Node thread, or before {@link #start()}. */
    public void addAgent(final DutyAgent agent) {
        agents.add(agent);
    }

    /** Removes an agent. Node thread. */
    public void removeAgent(final DutyAgent agent) {
        agents.remove(agent);
    }

    /** Sets who is told when the thread ends by an error of ours; called on the node thread. */
    public void onFailure(final Consumer<Throwable> listener) {
        failureListener = listener;
    }

    /** Turns so far. Node thread. */
    public long turns() {
        return turns;
    }

    /** Longest turn so far without the time in the selector, in nanoseconds. Node thread. */
    public long longestTurnNs() {
        return longestTurnNs;
    }

    /**
     * Puts a foreign channel into the selector: data that arrives on it ends a blocking select. The owner of the
     * channel must be an agent, which then reads it. Node thread.
     *
     * @param channel non-blocking
     * @return closed to take it out again
     */
    public AutoCloseable register(final SelectableChannel channel) {
        final Future<IoRegistration> registration = loop.register(new ForeignChannel(channel));
        registration.addListener(done -> {
            if (done.isSuccess()) {
                registration.getNow().submit(NioIoOps.READ);
            } else {
                LOG.error("Channel {} was not put into the selector", channel, done.cause());
            }
        });
        return () -> {
            if (registration.isSuccess()) {
                registration.getNow().cancel();
            }
        };
    }

    /**
     * Runs a task once at the end of this turn, after all agents: the place to hand over output that has gathered.
     * Tasks are best made once and given again, so that a turn allocates nothing. Node thread.
     *
     * @param task must not block
     */
    public void atTurnEnd(final Runnable task) {
        turnEnds.add(task);
    }

    private void onUncaught(final Thread where, final Throwable failure) {
        LOG.error("Thread {} has stopped by an error of the server", where.getName(), failure);
        failureListener.accept(failure);
    }

    private void run() {
        try {
            register(bell.channel());
            boolean mayBlock = false;
            while (!isStopping) {
                mayBlock = turn(mayBlock);
            }
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
            while (!loop.isTerminated()) {
                loop.runNow(TASK_BUDGET_NS);
            }
            bell.close();
        }
    }

    private boolean turn(final boolean mayBlock) {
        long waitNs = mayBlock ? blockNs() : 0;
        if (mayBlock && waitNs == 0 && isIdleInHaste) {
            waitNs = SELECT_STEP_NS; // what wants to be done at once can not be done yet
        }
        isIdleInHaste = mayBlock && waitNs == 0;
        if (waitNs > 0) {
            loop.run(waitNs, TASK_BUDGET_NS);
        } else {
            loop.runNow(TASK_BUDGET_NS);
        }
        bell.silence();
        final long nowNs = System.nanoTime();
        int work = 0;
        for (int i = 0; i < agents.size(); i++) {
            work += agents.get(i).doWork(nowNs);
        }
        flush();
        isIdleInHaste &= work == 0;
        turns++;
        longestTurnNs = Math.max(longestTurnNs, System.nanoTime() - nowNs);
        return work <= LITTLE_WORK;
    }

    private void flush() {
        // A flush may close a connection, and a closing connection may make output for another one.
        for (int i = 0; i < turnEnds.size(); i++) {
            turnEnds.get(i).run();
        }
        turnEnds.clear();
    }

    /** How long the selector may block, in whole steps of it; 0: an agent has something to do at once. */
    private long blockNs() {
        final long nowNs = System.nanoTime();
        long waitNs = blockMaxNs;
        for (int i = 0; i < agents.size(); i++) {
            final long deadlineNs = agents.get(i).nextDeadlineNs();
            if (deadlineNs != DutyAgent.NO_DEADLINE) {
                waitNs = Math.min(waitNs, deadlineNs - nowNs);
            }
        }
        return waitNs <= 0 ? 0 : (waitNs + SELECT_STEP_NS - 1) / SELECT_STEP_NS * SELECT_STEP_NS;
    }

    /** Ends the thread after the tasks it was given and waits for it. Its own thread does not wait. Idempotent. */
    @Override
    public void close() {
        if (isNodeThread()) {
            isStopping = true;
            return;
        }
        if (!thread.isAlive()) {
            return;
        }
        // As a task, so that tasks given before it are still done.
        loop.execute(() -> isStopping = true);
        try {
            thread.join(JOIN_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A channel of somebody else; readiness only ends the select. */
    private static final class ForeignChannel extends NioSelectableChannelIoHandle<SelectableChannel> {
        ForeignChannel(final SelectableChannel channel) {
            super(channel);
        }

        /** The owner closes its channel. */
        @Override
        public void close() {
            // Nothing of it is ours.
        }

        @Override
        protected void handle(final SelectableChannel channel, final SelectionKey key) {
            // The agent that owns the channel reads it later in this turn.
        }
    }
}

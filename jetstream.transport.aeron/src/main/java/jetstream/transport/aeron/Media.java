package jetstream.transport.aeron;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import jetstream.api.transport.TransportContext;
import jetstream.api.transport.TransportException;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;

/**
 * A media driver and its client, stepped by {@link #doWork} on the polling thread; no threads of their own. Embedded
 * drivers put their channels into the owner's selector.
 */
final class Media implements AutoCloseable {
    /**
     * Driver and client live on one thread, so that neither can lose the other, however long the process is stopped: a
     * node that is continued after a minute must find its transport usable.
     */
    static final long NEVER_NS = TimeUnit.HOURS.toNanos(24);
    static final long LINGER_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int BURST = 8;
    /** Longer than receivers on the same network take to say that they have room again. */
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(200);
    /** Fits into one datagram per publication, whatever the lane, also with the headers of Aeron. */
    private static final int SMALL_BYTES = 1024;
    /** 8,192 counters; a link of four lanes has some 50. Aeron takes no less. Their labels take four times as much. */
    private static final int COUNTERS_LENGTH = 1 << 20;

    private final Aeron aeron;
    private final AgentInvoker clientInvoker;
    private final AgentInvoker driverInvoker;
    private final AutoCloseable[] owned;
    private final long driverId;
    private final int receiveBufferLength;

    private Media(final Aeron aeron, final AgentInvoker driverInvoker, final long driverId,
            final int receiveBufferLength, final AutoCloseable... owned) {
        this.aeron = aeron;
        this.clientInvoker = aeron.conductorAgentInvoker();
        this.driverInvoker = driverInvoker;
        this.driverId = driverId;
        this.receiveBufferLength = receiveBufferLength;
        this.owned = owned;
    }

    /** A driver of our own, stepped by the caller, or the client of a shared one, as configured. */
    static Media open(final TransportContext context, final AeronTransportConfig config,
            final ErrorHandler errorHandler) {
        return config.sharedDirectory() == null ? embed(context, config, errorHandler) : share(config, errorHandler);
    }

    private static Media embed(final TransportContext context, final AeronTransportConfig config,
            final ErrorHandler errorHandler) {
        DriverDirectory directory = null;
        MediaDriver driver = null;
        try {
            directory = DriverDirectory.take(config, Math.max(2, context.routes().size()), context.log());
            final int[] limits = socketLimits(config.socketBufferLength());
            driver = MediaDriver.launchEmbedded(driverContext(context, directory, limits, errorHandler));
            final Aeron aeron = Aeron.connect(clientContext(directory.path().toString(), errorHandler)
                    .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(NEVER_NS))
                    .driverAgentInvoker(driver.sharedAgentInvoker()));
            return new Media(aeron, driver.sharedAgentInvoker(), ThreadLocalRandom.current().nextLong(), limits[0],
                    aeron, driver, directory);
        } catch (final IOException | RuntimeException e) {
            CloseHelper.quietCloseAll(driver, directory);
            throw new TransportException("the Aeron media driver does not start: " + e.getMessage(), e);
        }
    }

    private static Media share(final AeronTransportConfig config, final ErrorHandler errorHandler) {
        SharedDriver shared = null;
        try {
            final int[] limits = socketLimits(config.socketBufferLength());
            shared = SharedDriver.use(config.sharedDirectory(), limits);
            final Aeron.Context client = clientContext(shared.directory().toString(), errorHandler);
            if (!shared.isForeign()) {
                client.driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(NEVER_NS));
            }
            final Aeron aeron = Aeron.connect(client);
            return new Media(aeron, null, shared.id(), limits[0], aeron, shared);
        } catch (final IOException | RuntimeException e) {
            CloseHelper.quietClose(shared);
            throw new TransportException("no Aeron media driver at " + config.sharedDirectory() + ": "
                    + e.getMessage(), e);
        }
    }

    Aeron aeron() {
        return aeron;
    }

    /**
     * Fails if the driver has gone, which only a shared one of another process can.
     *
     * @throws TransportException saying so; the transport is of no use any more
     */
    void checkAlive() {
        if (aeron.isClosed()) {
            throw new TransportException("the Aeron media driver at " + aeron.context().aeronDirectoryName()
                    + " is gone: this server reaches no other until it is started anew", null);
        }
    }

    /** Whether the driver runs elsewhere, so that UDP does not wake us. */
    boolean isShared() {
        return driverInvoker == null;
    }

    /** Equal for all servers that share this driver. */
    long driverId() {
        return driverId;
    }

    /** What the kernel allowed for SO_RCVBUF. */
    int receiveBufferLength() {
        return receiveBufferLength;
    }

    /**
     * One duty cycle of sender, receiver, both conductors. The driver takes one datagram per channel and cycle.
     *
     * @param isBurst true: take several at once; false: the first one after a pause, which somebody waits for
     */
    int doWork(final boolean isBurst) {
        if (driverInvoker == null) {
            return clientInvoker.invoke();
        }
        final int work = driverInvoker.invoke();
        if (isBurst && work > 0) {
            int cycles = 1;
            while (cycles < BURST && driverInvoker.invoke() > 0) {
                cycles++;
            }
        }
        return work + clientInvoker.invoke();
    }

    /**
     * Sends what lies in the term buffers. One cycle sends a datagram per publication.
     *
     * @param bytes how many bytes of frames that is
     * @return whether all of it went, as far as the windows of the receivers let it
     */
    boolean send(final int bytes) {
        if (driverInvoker == null) {
            return true;                 // the shared driver sees it by itself
        }
        if (bytes <= SMALL_BYTES) {
            driverInvoker.invoke();
            return true;
        }
        int cycles = 0;
        while (cycles < BURST && driverInvoker.invoke() > 0) {
            cycles++;
        }
        return cycles < BURST;
    }

    /**
     * Steps on, waiting for receivers to make room, until the last words are said and then all is quiet for a moment;
     * no longer than so many nanoseconds.
     */
    void drain(final BooleanSupplier lastWords, final long limitNs) {
        final long endNs = System.nanoTime() + limitNs;
        boolean isSaid = lastWords.getAsBoolean();
        long quietSinceNs = System.nanoTime();
        while ((!isSaid || System.nanoTime() - quietSinceNs < QUIET_NS) && System.nanoTime() - endNs < 0) {
            if (doWork(true) > 0) {
                quietSinceNs = System.nanoTime();
            } else {
                LockSupport.parkNanos(PAUSE_NS);
            }
            isSaid = isSaid || lastWords.getAsBoolean();
        }
    }

    /** Steps on until nothing is left to do, a bounded number of times. */
    void flush() {
        int cycles = 0;
        while (cycles < BURST && doWork(true) > 0) {
            cycles++;
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(owned);
    }

    private static Aeron.Context clientContext(final String directory, final ErrorHandler errorHandler) {
        return new Aeron.Context().aeronDirectoryName(directory).useConductorAgentInvoker(true)
                .errorHandler(errorHandler).subscriberErrorHandler(errorHandler);
    }

    private static MediaDriver.Context driverContext(final TransportContext context, final DriverDirectory directory,
            final int[] limits, final ErrorHandler errorHandler) {
        return new MediaDriver.Context()
                .aeronDirectoryName(directory.path().toString())
                .threadingMode(ThreadingMode.INVOKER)
                // All addresses are literals by then: nothing that the executor would do can block.
                .asyncExecutorEnabled(false)
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .errorHandler(errorHandler)
                .clientLivenessTimeoutNs(NEVER_NS)
                .publicationUnblockTimeoutNs(2 * NEVER_NS)
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(NEVER_NS))
                .publicationLingerTimeoutNs(LINGER_NS)
                // The default is for thousands of streams and takes 40 MB of memory.
                .counterValuesBufferLength(COUNTERS_LENGTH)
                .socketRcvbufLength(limits[0])
                .socketSndbufLength(limits[1])
                .initialWindowLength(Math.min(128 << 10, limits[0] / 2))
                .receiveChannelEndpointSupplier((channel, dispatcher, status, ctx) -> new WakingReceiveEndpoint(channel,
                        dispatcher, status, ctx, context.channels()))
                .sendChannelEndpointSupplier(
                        (channel, status, ctx) -> new WakingSendEndpoint(channel, status, ctx, context.channels()));
    }

    /** SO_RCVBUF and SO_SNDBUF that the kernel grants, at most as wanted: Aeron refuses to start with more. */
    private static int[] socketLimits(final int wanted) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_RCVBUF, wanted);
            probe.setOption(StandardSocketOptions.SO_SNDBUF, wanted);
            return new int[] {
                Math.min(wanted, probe.getOption(StandardSocketOptions.SO_RCVBUF)),
                Math.min(wanted, probe.getOption(StandardSocketOptions.SO_SNDBUF))};
        }
    }
}

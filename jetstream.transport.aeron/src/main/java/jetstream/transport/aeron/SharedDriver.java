package jetstream.transport.aeron;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.IoUtil;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A media driver that several servers use: one that somebody else runs, or one that the first server of this process
 * starts on a thread of its own and the last one stops.
 */
final class SharedDriver implements AutoCloseable {
    private static final long ACTIVE_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(10);
    private static final Map<Path, SharedDriver> STARTED = new HashMap<>();

    private final Path directory;
    private final MediaDriver driver;
    private int users;

    private SharedDriver(final Path directory, final MediaDriver driver) {
        this.directory = directory;
        this.driver = driver;
    }

    /** The driver at that directory; started if none is alive there. Any thread. */
    static SharedDriver use(final Path sharedDirectory, final int[] socketLimits) {
        final Path directory = sharedDirectory.toAbsolutePath().normalize();
        synchronized (STARTED) {
            SharedDriver shared = STARTED.get(directory);
            if (shared == null) {
                final boolean isAlive = CommonContext.isDriverActive(directory.toFile(), ACTIVE_TIMEOUT_MS,
                        text -> {});
                shared = new SharedDriver(directory, isAlive ? null : start(directory, socketLimits));
                if (!isAlive) {
                    STARTED.put(directory, shared);
                }
            }
            shared.users++;
            return shared;
        }
    }

    Path directory() {
        return directory;
    }

    /** Whether it runs in another process, with settings of its own. */
    boolean isForeign() {
        return driver == null;
    }

    /** The same for all who use this driver, and for nobody else. */
    long id() throws IOException {
        final MappedByteBuffer file = IoUtil.mapExistingFile(
                directory.resolve(CncFileDescriptor.CNC_FILE).toFile(), "the media driver's control file");
        try {
            final UnsafeBuffer metaData = CncFileDescriptor.createMetaDataBuffer(file);
            return CncFileDescriptor.startTimestampMs(metaData) * 31 * 31 + CncFileDescriptor.pid(metaData) * 31
                    + directory.toRealPath().toString().hashCode();
        } finally {
            IoUtil.unmap(file);
        }
    }

    @Override
    public void close() {
        synchronized (STARTED) {
            users--;
            if (users == 0 && driver != null) {
                STARTED.remove(directory);
                driver.close();
            }
        }
    }

    /** Its errors go to the error log in its directory: our log belongs to the polling thread. */
    private static MediaDriver start(final Path directory, final int[] socketLimits) {
        return MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                .asyncExecutorEnabled(false)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .clientLivenessTimeoutNs(Media.NEVER_NS)
                .publicationUnblockTimeoutNs(2 * Media.NEVER_NS)
                .publicationLingerTimeoutNs(Media.LINGER_NS)
                .socketRcvbufLength(socketLimits[0])
                .socketSndbufLength(socketLimits[1]));
    }
}

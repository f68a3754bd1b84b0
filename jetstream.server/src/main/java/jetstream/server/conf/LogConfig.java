package jetstream.server.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Log settings.
 *
 * @param levels               what is logged
 * @param time                 lines carry the time
 * @param utc                  the time is UTC
 * @param file                 log file; absent for stderr
 * @param rotation             when the file is rotated
 * @param maxTracedMsgBytes    payload bytes shown in a protocol trace; 0 means all
 */
public record LogConfig(
        Levels levels, boolean time, boolean utc, Optional<Path> file, Rotation rotation, int maxTracedMsgBytes) {

    /** INF and above on stderr with local time. */
    public static final LogConfig DEFAULT = new LogConfig(
            new Levels(false, false, false, false), true, false, Optional.empty(), new Rotation(0, 0), 0);

    /**
     * What is logged beyond INF.
     *
     * @param debug        DBG lines
     * @param trace        TRC lines of the protocol
     * @param traceVerbose also of the system account
     * @param traceHeaders traces show headers only, no payload
     */
    public record Levels(boolean debug, boolean trace, boolean traceVerbose, boolean traceHeaders) {
    }

    /**
     * When the log file is rotated.
     *
     * @param sizeLimitBytes rotate when larger; 0 means never
     * @param filesMax       files kept with the current one; 0 means all
     */
    public record Rotation(long sizeLimitBytes, int filesMax) {
    }
}

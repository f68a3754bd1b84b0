package jetstream.transport.aeron;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jetstream.api.transport.TransportContext.TransportLog;

/**
 * Lets a line through once per subject and half minute: a refused server knocks again and again. Owner: the polling
 * thread.
 */
final class LogLimiter {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int SUBJECTS_MAX = 256;

    private final TransportLog log;
    private final Map<String, Long> lastNs = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Long> eldest) {
            return size() > SUBJECTS_MAX;
        }
    };

    LogLimiter(final TransportLog log) {
        this.log = log;
    }

    void warn(final String subject, final String text, final long nowNs) {
        final Long last = lastNs.get(subject);
        if (last == null || nowNs - last >= INTERVAL_NS) {
            lastNs.put(subject, nowNs);
            log.line(true, text);
        }
    }

    void line(final String text) {
        log.line(false, text);
    }
}

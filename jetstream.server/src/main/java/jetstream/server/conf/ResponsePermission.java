package jetstream.server.conf;

import java.util.concurrent.TimeUnit;

/**
 * {@code allow_responses}.
 *
 * @param maxMessages answers per request; negative means unlimited
 * @param expiresNs   nanoseconds after the request; negative means never
 */
public record ResponsePermission(int maxMessages, long expiresNs) {

    /** One answer within two minutes. */
    public static final ResponsePermission DEFAULT = new ResponsePermission(1, TimeUnit.MINUTES.toNanos(2));
}

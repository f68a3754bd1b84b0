package jetstream.simulator.load;

import java.nio.charset.StandardCharsets;

/**
 * A message as a replica holds it.
 *
 * @param publishId id of the message; -1 if its content is none that was ever sent
 * @param subject its subject
 */
public record Stored(long publishId, String subject) {
    /** Reads subject and payload. */
    public static Stored of(final byte[] subject, final byte[] payload) {
        return new Stored(Publish.idOf(payload), new String(subject, StandardCharsets.UTF_8));
    }
}

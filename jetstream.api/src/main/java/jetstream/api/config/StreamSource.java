package jetstream.api.config;

import java.time.Instant;
import java.util.List;

/**
 * An origin to copy from.
 *
 * @param name its stream
 * @param optStartSeq 0 if unset
 * @param optStartTime null if unset
 * @param filterSubject empty if all
 * @param subjectTransforms filters and renames
 * @param external null if of this account
 * @param consumer user-made durable; null if none
 */
public record StreamSource(String name, long optStartSeq, Instant optStartTime, String filterSubject,
        List<SubjectTransform> subjectTransforms, ExternalStream external, SourceConsumer consumer) {
    /** Copies the list. */
    public StreamSource {
        subjectTransforms = List.copyOf(subjectTransforms);
    }
}

package jetstream.engine.meta;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jetstream.api.config.StreamConfig;
import jetstream.api.config.StreamSource;
import jetstream.api.config.SubjectTransform;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.engine.subject.SubjectMapping;

/** Rules for the origins of mirrors and sourced streams (spec/streams.md sections 6 and 7). Pure. */
final class OriginCheck {
    private OriginCheck() {
    }

    static ApiFailure failure(final StreamConfig c) {
        final ApiFailure mirror = c.mirror() == null ? null : mirror(c);
        return mirror != null ? mirror : sources(c);
    }

    private static ApiFailure mirror(final StreamConfig c) {
        final StreamSource mirror = c.mirror();
        if (!StreamConfigCheck.isValidName(mirror.name())) {
            return ApiError.MIRROR_INVALID_STREAM_NAME.failure();
        }
        final ApiFailure combination = combination(c);
        if (combination != null) {
            return combination;
        }
        if (mirror.consumer() != null) {
            return ApiError.STREAM_INVALID_CONFIG
                    .with("a consumer of the user's own for a mirror is not supported by this server yet");
        }
        if (!mirror.filterSubject().isEmpty() && !mirror.subjectTransforms().isEmpty()) {
            return ApiError.MIRROR_MULTIPLE_FILTERS_NOT_ALLOWED.failure();
        }
        if (!mirror.filterSubject().isEmpty() && !Subjects.isValid(mirror.filterSubject())) {
            return ApiError.MIRROR_INVALID_SUBJECT_FILTER.with("invalid filter subject");
        }
        return transforms(mirror, ApiError.MIRROR_INVALID_SUBJECT_FILTER, ApiError.MIRROR_INVALID_TRANSFORM_DESTINATION,
                ApiError.MIRROR_OVERLAPPING_SUBJECT_FILTERS);
    }

    /** What a mirror can not be besides. */
    private static ApiFailure combination(final StreamConfig c) {
        if (c.firstSeq() > 0) {
            return ApiError.MIRROR_WITH_FIRST_SEQ.failure();
        }
        if (!c.subjects().isEmpty()) {
            return ApiError.MIRROR_WITH_SUBJECTS.failure();
        }
        if (!c.sources().isEmpty()) {
            return ApiError.MIRROR_WITH_SOURCES.failure();
        }
        if (c.allowMsgCounter()) {
            return ApiError.MIRROR_WITH_COUNTERS.failure();
        }
        if (c.allowAtomic()) {
            return ApiError.MIRROR_WITH_ATOMIC_PUBLISH.failure();
        }
        if (c.subjectDeleteMarkerTtlNs() > 0) {
            return ApiError.STREAM_INVALID_CONFIG.with("subject delete markers forbidden on mirrors");
        }
        return null;
    }

    private static ApiFailure sources(final StreamConfig c) {
        final Set<String> seen = new HashSet<>();
        for (final StreamSource source : c.sources()) {
            final ApiFailure failure = source(source);
            if (failure != null) {
                return failure;
            }
            if (!seen.add(source.name() + source.filterSubject() + source.subjectTransforms() + source.external())) {
                return ApiError.SOURCE_DUPLICATE_DETECTED.failure();
            }
        }
        return null;
    }

    private static ApiFailure source(final StreamSource source) {
        if (!StreamConfigCheck.isValidName(source.name())) {
            return ApiError.SOURCE_INVALID_STREAM_NAME.failure();
        }
        if (source.consumer() != null) {
            return ApiError.STREAM_INVALID_CONFIG
                    .with("a consumer of the user's own for a source is not supported by this server yet");
        }
        if (!source.filterSubject().isEmpty() && !source.subjectTransforms().isEmpty()) {
            return ApiError.SOURCE_MULTIPLE_FILTERS_NOT_ALLOWED.failure();
        }
        if (!source.filterSubject().isEmpty() && !Subjects.isValid(source.filterSubject())) {
            return ApiError.SOURCE_INVALID_SUBJECT_FILTER.with("invalid filter subject");
        }
        return transforms(source, ApiError.SOURCE_INVALID_SUBJECT_FILTER, ApiError.SOURCE_INVALID_TRANSFORM_DESTINATION,
                ApiError.SOURCE_OVERLAPPING_SUBJECT_FILTERS);
    }

    private static ApiFailure transforms(final StreamSource source, final ApiError badSource,
            final ApiError badDestination, final ApiError overlapping) {
        final List<SubjectTransform> all = source.subjectTransforms();
        for (int i = 0; i < all.size(); i++) {
            final SubjectTransform transform = all.get(i);
            if (!transform.src().isEmpty() && !Subjects.isValid(transform.src())) {
                return badSource.with("invalid subject " + transform.src());
            }
            try {
                SubjectMapping.of(transform.src(), transform.dest());
            } catch (final IllegalArgumentException e) {
                return badDestination.with("invalid mapping destination: " + e.getMessage());
            }
            for (int k = i + 1; k < all.size(); k++) {
                if (Subjects.overlap(all(transform.src()), all(all.get(k).src()))) {
                    return overlapping.failure();
                }
            }
        }
        return null;
    }

    private static String all(final String filter) {
        return filter.isEmpty() ? ">" : filter;
    }
}

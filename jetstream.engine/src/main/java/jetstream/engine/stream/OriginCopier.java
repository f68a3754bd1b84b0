package jetstream.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.config.StreamSource;
import jetstream.api.config.SubjectTransform;
import jetstream.engine.subject.SubjectMapping;

/**
 * Brings messages of one origin into the form in which a mirror or a sourced stream stores them. A sourced message says
 * where it comes from, in parts of a header separated by blanks: stream, sequence, filters, targets, original subject,
 * and what identifies the origin. Owner: the shard thread of the leader.
 *
 * @see "spec/streams.md sections 6 and 7"
 */
public final class OriginCopier {
    private static final String ALL = ">";
    private static final String LIST_SEPARATOR = "\f";
    private static final List<String> STRIPPED = List.of("Nats-Expected-Stream", "Nats-Expected-Last-Sequence",
            "Nats-Expected-Last-Subject-Sequence", "Nats-Expected-Last-Subject-Sequence-Subject",
            "Nats-Expected-Last-Msg-Id", "Nats-Batch-Id", "Nats-Batch-Sequence", "Nats-Batch-Commit");

    private final String name;
    private final String filters;
    private final String targets;
    private final List<SubjectMapping> mappings = new ArrayList<>();
    private final HeaderRewriter rewriter = new HeaderRewriter();
    private final boolean isMirror;

    /** A copier for that origin. */
    public OriginCopier(final StreamSource origin, final boolean isMirror) {
        this.isMirror = isMirror;
        final String api = origin.external() == null ? "" : origin.external().api();
        name = api.isEmpty() ? origin.name() : origin.name() + ':' + Integer.toHexString(api.hashCode());
        final List<SubjectTransform> transforms = origin.subjectTransforms();
        transforms.forEach(transform -> mappings.add(SubjectMapping.of(transform.src(), transform.dest())));
        if (transforms.isEmpty()) {
            filters = origin.filterSubject().isEmpty() ? ALL : origin.filterSubject();
            targets = ALL;
        } else {
            filters = String.join(LIST_SEPARATOR,
                    transforms.stream().map(t -> t.src().isEmpty() ? ALL : t.src()).toList());
            targets = String.join(LIST_SEPARATOR,
                    transforms.stream().map(t -> t.dest().isEmpty() ? ALL : t.dest()).toList());
        }
    }

    /**
     * Renames a message of the origin and changes its headers. What the draft points at then is valid until the next
     * call.
     *
     * @param originSeq its sequence there
     * @param identity  what tells this origin from one of the same name that was made later; without blanks
     */
    public void prepare(final PublishDraft draft, final long originSeq, final String identity) {
        final String subject = new String(draft.subject(), 0, draft.subjectLength(), StandardCharsets.UTF_8);
        for (final SubjectMapping mapping : mappings) {
            final int length = mapping.apply(draft.subject(), draft.subjectLength(), originSeq);
            if (length >= 0) {
                draft.rename(mapping.result(), length);
                break;
            }
        }
        if (isMirror && draft.headersLength() == 0) {
            return;
        }
        rewriter.start(draft.headers(), draft.headersOffset(), draft.headersLength());
        STRIPPED.forEach(rewriter::remove);
        if (!isMirror) {
            rewriter.replace(HeaderField.STREAM_SOURCE.text(),
                    String.join(" ", name, Long.toString(originSeq), filters, targets, subject, identity));
        }
        draft.headers(rewriter.buffer(), 0, rewriter.length());
    }

    /** Under which the stream remembers how far it has come with this origin. */
    public String key() {
        return OriginPositions.key(name, filters, targets);
    }
}

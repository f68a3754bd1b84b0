package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jetstream.api.entry.EntryBatch;

/**
 * Proposes the marker that replaces the last message of a subject when it grew too old (spec/streams.md section 9). The
 * marker is stored only if that message is still the subject's last: proposing it twice, or too late, does no harm.
 * Owner: the shard thread of the leader.
 */
public final class DeleteMarker {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final byte FLAGS = PublishLayout.TRUSTED;

    private final StreamEngine engine;
    private final PublishDraft draft = new PublishDraft();

    /** Marks subjects of that stream. */
    public DeleteMarker(final StreamEngine engine) {
        this.engine = engine;
    }

    /**
     * Appends the proposal for a message that {@link StreamListener#onMarkerDue} named.
     *
     * @return false if the message is not live any more or no markers are wanted; nothing was appended then
     */
    public boolean propose(final EntryBatch batch, final long nowEpochNs, final long seq) {
        final StoredMessages messages = engine.contents().messages();
        final long ttlNs = engine.config().subjectDeleteMarkerTtlNs();
        if (ttlNs <= 0 || !messages.isLive(seq)) {
            return false;
        }
        final byte[] subject = messages.subjects().name(messages.subjectOf(seq));
        final byte[] block =
                ("NATS/1.0\r\n" + HeaderField.MARKER_REASON.text() + ": MaxAge\r\n" + HeaderField.TTL.text()
                        + ": " + duration(ttlNs) + "\r\n" + HeaderField.ROLLUP.text() + ": sub\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        draft.subject(subject, subject.length).headers(ByteBuffer.wrap(block), 0, block.length);
        StreamEntries.publishIfLast(batch, nowEpochNs, FLAGS, seq, draft);
        return true;
    }

    /** Whole seconds as Go writes a duration: {@code 90} is {@code 1m30s}. */
    static String duration(final long ns) {
        final long seconds = Math.max(1, ns / SECOND_NS);
        final long hours = seconds / 3600;
        final long minutes = seconds / 60 % 60;
        final String inMinutes = hours > 0 || minutes > 0 ? minutes + "m" : "";
        return (hours > 0 ? hours + "h" : "") + inMinutes + seconds % 60 + 's';
    }
}

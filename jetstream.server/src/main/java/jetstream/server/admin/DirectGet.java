package jetstream.server.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import jetstream.engine.json.JsonException;
import jetstream.engine.json.JsonObject;
import jetstream.engine.json.JsonText;
import jetstream.engine.shard.StreamReplica;
import jetstream.engine.stream.MessageLookup;
import jetstream.engine.stream.MessageView;
import jetstream.engine.subject.FilterSet;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;
import jetstream.server.route.SubjectRouter;

/**
 * Answers direct gets from the replica on this node: the stored message itself with headers that say where it stood
 * (spec/jetstream-api.md section 6). Owner: the node thread.
 */
final class DirectGet {
    private static final long NS = 1_000_000_000L;
    private static final int MULTI_MAX = 1024;
    private static final long BYTES_MAX = 64L << 20;
    private static final byte[] HEAD = "NATS/1.0\r\n".getBytes(StandardCharsets.UTF_8);

    private final SubjectRouter router;
    private final Msg msg = new Msg();
    private final MessageView view = new MessageView();
    private byte[] scratch = new byte[1024];

    DirectGet(final SubjectRouter router) {
        this.router = router;
    }

    /** A request on {@code $JS.API.DIRECT.GET.<stream>}; the body says what is wanted. */
    void byBody(final Account account, final StreamReplica stream, final String reply, final byte[] body) {
        if (reply.isEmpty()) {
            return;
        }
        if (body.length == 0) {
            status(account, reply, "408 Empty Request");
            return;
        }
        try {
            final JsonObject request = JsonObject.parse(body);
            final Wanted wanted = Wanted.read(request);
            if (!wanted.isValid()) {
                status(account, reply, "408 Bad Request");
            } else if (!wanted.multiLast().isEmpty()) {
                multi(account, stream, reply, wanted);
            } else if (wanted.batch() > 0) {
                batch(account, stream, reply, wanted);
            } else {
                one(account, stream, reply, wanted.query().find(stream.engine()), wanted.noHeaders());
            }
        } catch (final JsonException e) {
            status(account, reply, "408 Malformed Request");
        }
    }

    /** A request on {@code $JS.API.DIRECT.GET.<stream>.<subject>}: the newest message of that subject. */
    void bySubject(final Account account, final StreamReplica stream, final String reply, final String subject,
            final byte[] body) {
        if (reply.isEmpty()) {
            return;
        }
        boolean noHeaders = false;
        if (body.length > 0) {
            try {
                final JsonObject request = JsonObject.parse(body);
                noHeaders = request.bool("no_hdr", false);
                request.rejectUnknown();
            } catch (final JsonException e) {
                status(account, reply, "408 Bad Request");
                return;
            }
        }
        one(account, stream, reply, stream.engine().last(FilterSet.of(List.of(subject))), noHeaders);
    }

    /**
     * What is wanted.
     *
     * @param query one message, or where a batch starts
     * @param batch most messages; 0 for one
     * @param maxBytes most bytes of a batch
     * @param multiLast patterns of which the newest are wanted
     * @param upToSeq none later than this; 0 if not given
     * @param upToTime none later than this; null if not given
     * @param noHeaders without any headers
     */
    private record Wanted(MessageApi.MessageQuery query, int batch, long maxBytes, List<String> multiLast, long upToSeq,
            Instant upToTime, boolean noHeaders) {
        static Wanted read(final JsonObject o) {
            return new Wanted(MessageApi.MessageQuery.read(o), o.integer32("batch", 0), o.integer("max_bytes", 0),
                    o.strings("multi_last"), o.integer("up_to_seq", 0), o.time("up_to_time"), o.bool("no_hdr", false));
        }

        boolean isValid() {
            final boolean last = !query.lastBySubject().isEmpty();
            final boolean next = !query.nextBySubject().isEmpty();
            final boolean multi = !multiLast.isEmpty();
            final boolean nothing = query.seq() == 0 && !last && !next && !multi && query.startTime() == null;
            final boolean start = query.startTime() != null && (query.seq() > 0 || last);
            final boolean lastConflict = last && (query.seq() > 0 || next || batch > 0 || multi);
            return !nothing && !start && !lastConflict && !(next && multi) && !(upToSeq > 0 && upToTime != null);
        }
    }

    private void one(final Account account, final StreamReplica stream, final String reply, final long seq,
            final boolean noHeaders) {
        if (seq == 0 || !stream.engine().message(seq, view)) {
            if (!stream.engine().isReadable()) {
                return;                             // damaged here: another replica's answer will do
            }
            status(account, reply, "404 Message Not Found");
            return;
        }
        send(account, stream, reply, noHeaders ? null : "");
    }

    private void batch(final Account account, final StreamReplica stream, final String reply, final Wanted wanted) {
        final FilterSet filter = wanted.query().nextBySubject().isEmpty() ? FilterSet.ALL
                : FilterSet.of(List.of(wanted.query().nextBySubject()));
        final long from = wanted.query().startTime() == null ? Math.max(1, wanted.query().seq())
                : stream.engine().seqAtTime(epochNs(wanted.query().startTime()));
        long seq = MessageApi.MessageQuery.next(stream.engine(), filter, from);
        if (seq == 0) {
            status(account, reply, "404 Message Not Found");
            return;
        }
        long pending = stream.engine().pending(filter, seq);
        long last = 0;
        long bytes = 0;
        final long bytesMax = wanted.maxBytes() > 0 ? wanted.maxBytes() : BYTES_MAX;
        for (int sent = 0; seq != 0 && sent < wanted.batch() && bytes < bytesMax; sent++) {
            if (stream.engine().message(seq, view)) {
                pending--;
                bytes += view.subjectLength() + view.headersLength() + view.payloadLength();
                send(account, stream, reply, batchHeaders(pending, last));
                last = seq;
            } else if (!stream.engine().isReadable()) {
                return;
            }
            seq = MessageApi.MessageQuery.next(stream.engine(), filter, seq + 1);
        }
        endOfBatch(account, reply, batchHeaders(pending, last));
    }

    private void multi(final Account account, final StreamReplica stream, final String reply, final Wanted wanted) {
        final FilterSet filter = FilterSet.of(wanted.multiLast());
        final long upTo = wanted.upToTime() != null ? stream.engine().seqAtTime(epochNs(wanted.upToTime())) - 1
                : wanted.upToSeq() > 0 ? wanted.upToSeq() : stream.engine().lastSeq();
        final long[] seqs = new MessageLookup(stream.engine()).multiLast(filter, wanted.query().seq(), upTo, MULTI_MAX);
        if (seqs == null || seqs.length == 0) {
            status(account, reply, seqs == null ? "413 Too Many Results" : "404 No Results");
            return;
        }
        final int most = wanted.batch() > 0 ? Math.min(wanted.batch(), seqs.length) : seqs.length;
        final long bytesMax = wanted.maxBytes() > 0 ? wanted.maxBytes() : BYTES_MAX;
        long pending = seqs.length;
        long last = 0;
        long bytes = 0;
        for (int i = 0; i < most && bytes < bytesMax; i++) {
            if (stream.engine().message(seqs[i], view)) {
                pending--;
                bytes += view.subjectLength() + view.headersLength() + view.payloadLength();
                send(account, stream, reply, batchHeaders(pending, last));
                last = seqs[i];
            } else if (!stream.engine().isReadable()) {
                return;
            }
        }
        endOfBatch(account, reply, batchHeaders(pending, last) + "Nats-UpTo-Sequence: " + upTo + "\r\n");
    }

    private static String batchHeaders(final long pending, final long last) {
        return "Nats-Num-Pending: " + pending + "\r\nNats-Last-Sequence: " + last + "\r\n";
    }

    private static long epochNs(final Instant instant) {
        return instant.getEpochSecond() * NS + instant.getNano();
    }

    /** Sends the message under the view; {@code more} headers, or none at all if it is null. */
    private void send(final Account account, final StreamReplica stream, final String reply, final String more) {
        if (more == null) {
            router.publish(account,
                    msg.clear().subject(reply).body(view.buffer(), view.payloadOffset(), 0, view.payloadLength()));
            return;
        }
        final byte[] own = ("Nats-Stream: " + stream.assignment().name() + "\r\nNats-Subject: "
                + text(view.subjectOffset(), view.subjectLength()) + "\r\nNats-Sequence: " + view.seq()
                + "\r\nNats-Time-Stamp: " + JsonText.time(view.timestampEpochNs()) + "\r\n" + more + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        // Stored headers come first, as they were published; ours take the place of the blank line that ends them.
        final int stored = view.headersLength() > 0 ? view.headersLength() - 2 : HEAD.length;
        final int total = stored + own.length + view.payloadLength();
        if (scratch.length < total) {
            scratch = new byte[total];
        }
        if (view.headersLength() > 0) {
            view.buffer().get(view.headersOffset(), scratch, 0, stored);
        } else {
            System.arraycopy(HEAD, 0, scratch, 0, stored);
        }
        System.arraycopy(own, 0, scratch, stored, own.length);
        view.buffer().get(view.payloadOffset(), scratch, stored + own.length, view.payloadLength());
        router.publish(account, msg.clear().subject(reply).body(scratch, 0, stored + own.length, total));
    }

    private String text(final int offset, final int length) {
        final byte[] bytes = new byte[length];
        final ByteBuffer buffer = view.buffer();
        buffer.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void endOfBatch(final Account account, final String reply, final String headers) {
        final byte[] block = ("NATS/1.0 204 EOB\r\n" + headers + "\r\n").getBytes(StandardCharsets.UTF_8);
        router.publish(account, msg.clear().subject(reply).body(block, 0, block.length, block.length));
    }

    private void status(final Account account, final String reply, final String line) {
        final byte[] block = ("NATS/1.0 " + line + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        router.publish(account, msg.clear().subject(reply).body(block, 0, block.length, block.length));
    }
}

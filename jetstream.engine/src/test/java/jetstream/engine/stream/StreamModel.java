package jetstream.engine.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import jetstream.api.config.Discard;
import jetstream.api.config.StreamConfig;

/** What a stream is, in the plainest words: a list of messages. The engine is compared with it. */
final class StreamModel {
    record Message(long seq, String subject, String payload, long timeNs, long bytes, long endNs, long index) {
    }

    record Seen(long seq, long timeNs) {
    }

    final List<Message> messages = new ArrayList<>();
    final Map<String, Seen> ids = new HashMap<>();
    StreamConfig config;
    long lastSeq;
    private String lastMsgId = "";

    StreamModel(final StreamConfig config) {
        this.config = config;
    }

    /** A message as a test sends it; absent headers are null. */
    record Sent(String subject, String payload, String msgId, Long expectedLast, Long expectedSubject, String rollup,
            String ttl, String expectedMsgId, boolean isWanted, int headersLength) {
    }

    String publish(final Sent sent, final long nowNs, final long index) {
        final Seen seen = sent.msgId == null ? null : ids.get(sent.msgId);
        if (sent.expectedSubject != null && lastOf(sent.subject) != sent.expectedSubject) {
            return "10071 wrong last sequence: " + lastOf(sent.subject);
        }
        if (sent.expectedLast != null && lastSeq != sent.expectedLast) {
            return "10071 wrong last sequence: " + lastSeq;
        }
        if (seen != null && nowNs - seen.timeNs < config.duplicateWindowNs()) {
            return "duplicate " + seen.seq;
        }
        if (sent.expectedMsgId != null && !sent.expectedMsgId.equals(lastMsgId)) {
            return "10070 wrong last msg ID: " + lastMsgId;
        }
        final long bytes = 30 + sent.subject.length() + sent.payload.length()
                + (sent.headersLength == 0 ? 0 : 4 + sent.headersLength);
        final String full = sent.isWanted ? refusal(sent, bytes) : null;
        if (full != null) {
            return "10077 " + full;
        }
        lastSeq++;
        lastMsgId = sent.msgId == null ? "" : sent.msgId;
        if (sent.msgId != null) {
            ids.put(sent.msgId, new Seen(lastSeq, nowNs));
        }
        if (!sent.isWanted) {
            return "skipped " + lastSeq;
        }
        final long end = sent.ttl == null ? 0 : sent.ttl.equals("never") ? -1
                : nowNs + Long.parseLong(sent.ttl) * 1_000_000_000L;
        if ("all".equals(sent.rollup)) {
            messages.clear();
        } else if ("sub".equals(sent.rollup)) {
            messages.removeIf(m -> m.subject.equals(sent.subject));
        }
        messages.add(new Message(lastSeq, sent.subject, sent.payload, nowNs, bytes, end, index));
        trim();
        return "stored " + lastSeq;
    }

    private String refusal(final Sent sent, final long bytes) {
        if (config.discard() != Discard.NEW) {
            return null;
        }
        final List<Message> same = messages.stream().filter(m -> m.subject.equals(sent.subject)).toList();
        final boolean replaces = config.maxMsgsPerSubject() > 0 && same.size() >= config.maxMsgsPerSubject();
        if (replaces && config.discardNewPerSubject() && sent.rollup == null) {
            return "maximum messages per subject exceeded";
        }
        if (config.maxMsgs() > 0 && messages.size() >= config.maxMsgs() && !replaces) {
            return "maximum messages exceeded";
        }
        final long given = replaces ? same.getFirst().bytes : 0;
        return config.maxBytes() > 0 && bytes() + bytes - given > config.maxBytes() ? "maximum bytes exceeded" : null;
    }

    void trim() {
        if (config.maxMsgsPerSubject() > 0) {
            for (final Message m : List.copyOf(messages)) {
                if (messages.stream().filter(o -> o.subject.equals(m.subject)).count() > config.maxMsgsPerSubject()) {
                    messages.remove(m);
                }
            }
        }
        while (config.maxMsgs() > 0 && messages.size() > config.maxMsgs()
                || config.maxBytes() > 0 && bytes() > config.maxBytes()) {
            messages.removeFirst();
        }
    }

    long bytes() {
        return messages.stream().mapToLong(Message::bytes).sum();
    }

    long lastOf(final String subject) {
        return last(m -> m.subject.equals(subject));
    }

    long last(final Predicate<Message> which) {
        return messages.reversed().stream().filter(which).mapToLong(Message::seq).findFirst().orElse(0);
    }

    long next(final Predicate<Message> which, final long from) {
        return messages.stream().filter(which).mapToLong(Message::seq).filter(s -> s >= from).findFirst().orElse(0);
    }

    long count(final Predicate<Message> which, final long from) {
        return messages.stream().filter(which).filter(m -> m.seq >= from).count();
    }

    String delete(final long seq) {
        return messages.removeIf(m -> m.seq == seq) ? "deleted" : "10043 sequence " + seq + " not found";
    }

    String purge(final Predicate<Message> which, final boolean isAll, final long below, final long keep) {
        final int before = messages.size();
        if (keep > 0) {
            final List<Message> found = messages.stream().filter(which).toList();
            messages.removeAll(found.subList(0, (int) Math.max(0, found.size() - keep)));
        } else {
            messages.removeIf(m -> which.test(m) && (below == 0 || m.seq < below));
            if (isAll && below > lastSeq + 1) {
                lastSeq = below - 1;
            }
        }
        return "purged " + (before - messages.size());
    }

    void forgetIds(final long nowNs) {
        ids.values().removeIf(seen -> nowNs - seen.timeNs >= config.duplicateWindowNs());
    }

    void expire(final long nowNs) {
        messages.removeIf(m -> m.endNs > 0 && m.endNs <= nowNs
                || config.maxAgeNs() > 0 && m.endNs != -1 && nowNs - m.timeNs >= config.maxAgeNs());
    }
}

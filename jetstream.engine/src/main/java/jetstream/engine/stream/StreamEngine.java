package jetstream.engine.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import jetstream.api.Invariant;
import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiError;
import jetstream.api.error.ApiFailure;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.GroupLog;
import jetstream.api.store.StoreException;
import jetstream.engine.subject.FilterSet;

/**
 * The state machine of a stream's group: what the committed entries of {@link StreamEntries}, one after the other, make
 * of the stream (DESIGN D1, D2, D3). Every replica applies the same entries and comes to the same state; nothing here
 * asks a clock, a random source or a neighbour.
 *
 * <p>The log is the message store: apply gives a message its sequence and remembers where its record lies; it copies
 * nothing. Records of entries that are not live messages are freed at once.
 *
 * <p>Invariants: (I1) sequences only grow; (I2) state, {@link #stateHash} and checkpoint bytes are functions of the
 * applied entries; (I3) a record is freed exactly when no live message lies in it. Owner: the shard thread.
 */
public final class StreamEngine implements StreamReader {
    private static final int IMAGE_FORMAT = 2;
    /** Images of before batches. */
    private static final int IMAGE_FORMAT_OLD = 1;

    private final GroupLog log;
    private final StreamListener listener;
    private final Function<byte[], StreamConfig> configDecoder;
    private final long createdEpochNs;
    private final StreamContents contents;
    private final StoredMessages messages;
    private final StreamQueries queries;
    private final LimitEnforcer limits;
    private final AgeLimit age;
    private final MessageIntake intake;
    private final PurgeRules purges;
    private final EntryView probe = new EntryView();
    private StreamConfig config;
    private byte[] configBytes = new byte[0];
    private long appliedIndex;
    private boolean suspended;
    private long missingSeq;

    /**
     * An empty stream.
     *
     * @param config configuration until the first CONFIG entry
     * @param createdEpochNs when the stream was created, epoch nanoseconds
     * @param log the group's log; read and freed from, never appended to
     * @param listener is told what every entry led to
     * @param configDecoder makes a configuration of the bytes of a CONFIG entry
     */
    public StreamEngine(final StreamConfig config, final long createdEpochNs, final GroupLog log,
            final StreamListener listener, final Function<byte[], StreamConfig> configDecoder) {
        this.config = config;
        this.createdEpochNs = createdEpochNs;
        this.log = log;
        this.listener = listener;
        this.configDecoder = configDecoder;
        contents = new StreamContents(log, listener);
        messages = contents.messages();
        queries = new StreamQueries(messages);
        limits = new LimitEnforcer(contents);
        age = new AgeLimit(contents);
        intake = new MessageIntake(log, contents, queries, limits);
        purges = new PurgeRules(contents, queries, intake);
        intake.window().windowNs(windowNs(config));
        intake.lastSeq(Math.max(0, config.firstSeq() - 1));
    }

    private static long windowNs(final StreamConfig config) {
        return config.isMirror() ? 0 : config.duplicateWindowNs();
    }

    /** Applies a committed entry of this group; in index order, each once. The view is only used during the call. */
    public void apply(final EntryView entry) {
        final byte type = entry.type();
        appliedIndex = entry.index();
        contents.mix(appliedIndex << 8 | type);
        intake.onEntry(entry);
        switch (type) {
            case StreamEntries.PUBLISH -> intake.apply(config, entry);
            case StreamEntries.DELETE_MESSAGE -> applyDelete(entry);
            case StreamEntries.PURGE -> applyPurge(entry);
            case StreamEntries.TIME -> applyTime(entry);
            case StreamEntries.CONFIG -> applyConfig(entry);
            case StreamEntries.REMOVE -> applyRemove(entry);
            default -> Invariant.check(false, "entry of an unknown type in a stream's log", type, entry.index());
        }
    }

    private void applyDelete(final EntryView entry) {
        final long index = entry.index();
        final long seq = entry.buffer().getLong(entry.bodyOffset());
        ApiFailure failure = null;
        if (config.sealed()) {
            failure = ApiError.STREAM_SEALED.failure();
        } else if (config.denyDelete()) {
            failure = ApiError.STREAM_MSG_DELETE_FAILED.with("message delete not permitted");
        } else if (!messages.isLive(seq)) {
            failure = ApiError.SEQUENCE_NOT_FOUND.with(seq);
        } else {
            contents.remove(seq, RemovalReason.DELETE);
        }
        log.free(index, index);
        listener.onDeleted(index, failure);
    }

    private void applyPurge(final EntryView entry) {
        final long index = entry.index();
        final ByteBuffer buffer = entry.buffer();
        final long below = buffer.getLong(entry.bodyOffset());
        final long keep = buffer.getLong(entry.bodyOffset() + Long.BYTES);
        final byte[] filter = new byte[entry.bodyLength() - StreamEntries.PURGE_FIXED_LENGTH];
        buffer.get(entry.bodyOffset() + StreamEntries.PURGE_FIXED_LENGTH, filter);
        log.free(index, index);
        if (config.sealed()) {
            listener.onPurged(index, 0, ApiError.STREAM_SEALED.failure());
        } else if (config.denyPurge()) {
            listener.onPurged(index, 0, ApiError.STREAM_PURGE_FAILED.with("stream purge not permitted"));
        } else {
            final String pattern = new String(filter, StandardCharsets.UTF_8);
            listener.onPurged(index, purges.apply(pattern, below, keep), null);
        }
    }

    private void applyTime(final EntryView entry) {
        final long nowEpochNs = entry.timestampEpochNs();
        log.free(entry.index(), entry.index());
        intake.window().expire(nowEpochNs);
        if (!config.sealed()) {
            age.expire(config, nowEpochNs);
        }
    }

    private void applyConfig(final EntryView entry) {
        final long index = entry.index();
        final byte[] bytes = new byte[entry.bodyLength()];
        entry.buffer().get(entry.bodyOffset(), bytes);
        final long nowEpochNs = entry.timestampEpochNs();
        log.free(index, index);
        // What was too old under the old window does not come back under a longer one.
        intake.window().expire(nowEpochNs);
        final boolean isFirst = configBytes.length == 0 && intake.lastEpochNs() == 0;
        configBytes = bytes;
        config = configDecoder.apply(bytes);
        if (isFirst) {
            // A member that was opened with a later configuration must still number from the first one's first
            // sequence.
            intake.lastSeq(Math.max(0, config.firstSeq() - 1));
        }
        intake.window().windowNs(windowNs(config));
        age.restart();
        limits.enforceAll(config);
        listener.onConfig(index, config);
    }

    private void applyRemove(final EntryView entry) {
        final long index = entry.index();
        final ByteBuffer buffer = entry.buffer();
        final long[] ranges = new long[entry.bodyLength() / Long.BYTES];
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = buffer.getLong(entry.bodyOffset() + i * Long.BYTES);
        }
        log.free(index, index);
        for (int i = 0; i < ranges.length; i += 2) {
            long seq = messages.sequences().nextLive(ranges[i]);
            while (seq != 0 && seq <= ranges[i + 1]) {
                contents.remove(seq, RemovalReason.DONE);
                seq = messages.sequences().nextLive(seq + 1);
            }
        }
    }

    /** Replaces the state by that of an image, and frees everything in the log that is not live in it. */
    public void restore(final Checkpoint checkpoint) {
        final ImageReader in = new ImageReader(checkpoint.image());
        final long format = in.number();
        Invariant.check(format == IMAGE_FORMAT || format == IMAGE_FORMAT_OLD, "stream image of an unknown format",
                format);
        configBytes = in.bytes();
        if (configBytes.length > 0) {
            config = configDecoder.apply(configBytes);
        }
        intake.window().windowNs(windowNs(config));
        intake.read(in);
        age.read(in);
        intake.staged().clear();
        if (format != IMAGE_FORMAT_OLD) {
            intake.staged().read(in);
        }
        contents.read(in, intake.staged().isEmpty() ? checkpoint.index() : intake.staged().firstIndex() - 1);
        intake.origins().read(in);
        appliedIndex = checkpoint.index();
        missingSeq = 0;
        Invariant.check(!in.hasRemaining(), "stream image is longer than its content", checkpoint.index());
    }

    /** Writes the image of the present state; the same on every replica that applied the same entries. */
    public void writeCheckpoint(final CheckpointWriter writer) {
        final ImageWriter out = new ImageWriter(writer);
        out.number(IMAGE_FORMAT);
        out.bytes(configBytes, configBytes.length);
        intake.write(out);
        age.write(out);
        intake.staged().write(out);
        contents.write(out);
        intake.origins().write(out);
        out.finish();
    }

    /** Numbers of this moment. Allocates. */
    public StreamState state() {
        final long count = messages.count();
        final long lastSeq = intake.lastSeq();
        final long first = count > 0 ? messages.first() : lastSeq == 0 ? 0 : lastSeq + 1;
        return new StreamState(count, messages.bytes(), first, count > 0 ? messages.timeOf(first) : 0, lastSeq,
                intake.lastEpochNs(), messages.subjects().size(), count == 0 ? 0 : lastSeq - first + 1 - count);
    }

    /** Last sequence that was taken from an origin, by {@link OriginCopier#key}; 0 if none was. */
    public long lastTaken(final String originKey) {
        return intake.origins().lastTaken(originKey);
    }

    /** Whether a message of that footprint does not fit below the limits of the whole stream. */
    public boolean isFull(final long footprint) {
        return config.maxMsgs() > 0 && messages.count() >= config.maxMsgs()
                || config.maxBytes() > 0 && messages.bytes() + footprint > config.maxBytes();
    }

    /** The configuration in force. */
    public StreamConfig config() {
        return config;
    }

    /** The bytes of the last CONFIG entry; empty if there was none. Not to be changed. */
    public byte[] configBytes() {
        return configBytes;
    }

    /** When the stream was created, epoch nanoseconds. */
    public long createdEpochNs() {
        return createdEpochNs;
    }

    /** When the leader should propose the next TIME entry, epoch nanoseconds; {@link Long#MAX_VALUE} if never. */
    public long nextExpiryEpochNs() {
        final long next = config.sealed() ? Long.MAX_VALUE : age.nextEpochNs(config);
        return Math.min(next, intake.window().emptyAtEpochNs());
    }

    /**
     * A number that is equal on all members that applied the same entries, and hardly ever if they differ in anything.
     */
    public long stateHash() {
        long hash = StreamContents.mixed(contents.hash(), messages.count());
        hash = StreamContents.mixed(hash, messages.bytes());
        hash = StreamContents.mixed(hash, messages.first());
        hash = StreamContents.mixed(hash, messages.subjects().size());
        return StreamContents.mixed(hash, intake.lastSeq());
    }

    /** From now on nothing here can be relied upon, or can again: readers are to wait, or to ask another member. */
    public void suspend(final boolean now) {
        suspended = now;
    }

    @Override
    public long firstSeq() {
        return messages.count() > 0 ? messages.first() : intake.lastSeq() + 1;
    }

    @Override
    public long lastSeq() {
        return intake.lastSeq();
    }

    @Override
    public long next(final FilterSet filter, final long fromSeq) {
        // Not "none": a reader would go on behind what it has not seen.
        return isReadable() ? queries.next(filter, fromSeq) : -Math.max(1, fromSeq);
    }

    @Override
    public boolean message(final long seq, final MessageView into) {
        if (!messages.isLive(seq)) {
            return false;
        }
        final long index = messages.indexOf(seq);
        boolean found = false;
        try {
            found = log.record(index, into.entry());
            if (!found && isReadable() && listener.onMissing(index)) {
                missingSeq = seq;
            }
        } catch (final StoreException.Corrupt e) {
            listener.onDamaged(index);
        }
        into.wrap(seq);
        return found;
    }

    /**
     * Not while a live message's record is missing: after a restart the state is that of the checkpoint, and what
     * entries behind it had freed is perhaps gone already; it is live until they are applied again. Otherwise the log
     * has lost it, and it is fetched from a peer.
     *
     * <p>A log that is being replaced has a history that begins behind what was applied here. That alone may also be so
     * because consensus' own entries, of which nobody tells us, came last; so the last message is looked for: records
     * arrive in ascending order, and once it is there all before it are that are still live.
     */
    @Override
    public boolean isReadable() {
        return !suspended && !isMissing()
                && (log.firstHistoryIndex() <= appliedIndex + 1 || messages.count() == 0 || hasLast());
    }

    private boolean isMissing() {
        if (missingSeq != 0 && (!messages.isLive(missingSeq) || hasRecord(missingSeq))) {
            missingSeq = 0;
        }
        return missingSeq != 0;
    }

    private boolean hasLast() {
        return hasRecord(messages.sequences().last());
    }

    private boolean hasRecord(final long seq) {
        final long index = messages.indexOf(seq);
        try {
            return log.record(index, probe);
        } catch (final StoreException.Corrupt e) {
            listener.onDamaged(index);
            return !suspended;
        }
    }

    @Override
    public boolean isMatch(final FilterSet filter, final long seq) {
        return queries.isMatch(filter, seq);
    }

    @Override
    public long pending(final FilterSet filter, final long fromSeq) {
        return queries.pending(filter, fromSeq);
    }

    @Override
    public long last(final FilterSet filter) {
        return queries.last(filter);
    }

    @Override
    public long seqAtTime(final long epochNs) {
        final long found = messages.sequences().firstAtTime(epochNs);
        return found == 0 ? intake.lastSeq() + 1 : found;
    }

    @Override
    public long[] lastPerSubject(final FilterSet filter) {
        return queries.lastPerSubject(filter, Long.MAX_VALUE);
    }

    /** Last live sequence of the subject in the first bytes of an array; 0 if it has none. */
    public long lastOfSubject(final byte[] subject, final int length) {
        final int id = messages.subjects().find(subject, length);
        return id < 0 ? 0 : messages.subjects().last(id);
    }

    /** Live message before that live one on the same subject; 0 if there is none. */
    public long previousOnSubject(final long seq) {
        return messages.previous(seq);
    }

    StreamContents contents() {
        return contents;
    }

    StreamQueries queries() {
        return queries;
    }
}

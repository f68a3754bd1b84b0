package jetstream.engine.stream;

import jetstream.api.config.StreamConfig;
import jetstream.api.entry.EntryView;
import jetstream.api.error.ApiFailure;

/**
 * What applying an entry led to. Every member of the group is told the same; only the leader answers clients. Called on
 * the shard thread inside {@link StreamEngine#apply}; must not call back into the engine but to read. {@code index} is
 * the raft index of the entry. For each publish, delete, purge and configuration entry exactly one of its outcomes is
 * called.
 */
public interface StreamListener {
    /** A message was stored. {@code entry} is valid during the call. Removals that it causes are told afterwards. */
    void onStored(long index, long seq, EntryView entry);

    /** A message was given a sequence but not stored, because nobody was interested; it is acknowledged as usual. */
    void onSkipped(long index, long seq);

    /** A message was seen before, as that sequence. */
    void onDuplicate(long index, long originalSeq);

    /** A message was refused. */
    void onRefused(long index, ApiFailure failure);

    /** A message is gone. */
    void onRemoved(long seq, RemovalReason reason);

    /** All messages below that sequence, if there were any, are gone. */
    void onRemovedBelow(long seq, RemovalReason reason);

    /** A purge was done and removed so many messages; or refused, if there is a failure. */
    void onPurged(long index, long count, ApiFailure failure);

    /** A message was deleted; or not, if there is a failure. */
    void onDeleted(long index, ApiFailure failure);

    /** The configuration is another from here on. */
    void onConfig(long index, StreamConfig config);

    /**
     * The last message of a subject is too old and stays until a delete marker replaces it: the leader proposes one
     * with {@link DeleteMarker}. Told at every time entry again.
     */
    void onMarkerDue(long seq);

    /** The record of a live message, in the entry at that index, is damaged: it is not given to anybody. */
    default void onDamaged(final long index) {
    }

    /**
     * The log has no record of a live message, in the entry at that index. Returns whether it may come, or the message
     * be removed by entries that are not applied yet: then nobody is to take it for gone meanwhile.
     */
    default boolean onMissing(final long index) {
        return false;
    }
}

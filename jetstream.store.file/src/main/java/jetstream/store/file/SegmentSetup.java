package jetstream.store.file;

/**
 * What all segments of a store share.
 *
 * @param tag of the store
 * @param keys null if the store is not encrypted
 * @param cache of blocks that had to be decrypted or decompressed; the shard thread's
 */
record SegmentSetup(long tag, DataKeys keys, WindowCache cache) {
}

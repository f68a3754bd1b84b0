package jetstream.api.store;

/**
 * Space of a store.
 *
 * @param liveBytes bytes of live entries
 * @param occupiedBytes bytes taken on the medium
 */
public record StoreUsage(long liveBytes, long occupiedBytes) {
}

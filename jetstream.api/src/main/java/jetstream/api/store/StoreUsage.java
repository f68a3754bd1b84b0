package jetstream.api.store;

/**
 * Space of a store.
 *
 * @param liveBytes bytes of live entries
 * @param occupiedBytes bytes taken on the medium
 * @param publishRoomBytes bytes that clients' messages may still take, as of a moment ago; 0 if new messages should be
 *     refused while acks, deletes and votes still find room
 */
public record StoreUsage(long liveBytes, long occupiedBytes, long publishRoomBytes) {
    /** Of a store that has room without end. */
    public StoreUsage(final long liveBytes, final long occupiedBytes) {
        this(liveBytes, occupiedBytes, Long.MAX_VALUE);
    }
}

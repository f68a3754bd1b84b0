/** Store in memory: for {@code storage: memory} streams, and the reference implementation of the store contract. */
module jetstream.store.memory {
    requires jetstream.api;

    provides jetstream.api.store.StoreProvider with jetstream.store.memory.MemoryStoreProvider;
}

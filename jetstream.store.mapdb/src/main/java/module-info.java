/** Store on MapDB. */
module jetstream.store.mapdb {
    requires jetstream.api;
}

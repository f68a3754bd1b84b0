/** Store on MapDB. The two last lines name what the automatic module {@code mapdb} needs but can not say. */
module jetstream.store.mapdb {
    requires jetstream.api;
    requires mapdb;
    requires kotlin.stdlib;
    requires com.google.common;

    provides jetstream.api.store.StoreProvider with
            jetstream.store.mapdb.MapDbStoreProvider;
}

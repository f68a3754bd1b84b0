/** Default store: one log-structured, preallocated log per node, shared by all groups. */
module jetstream.store.file {
    requires jetstream.api;
    requires com.github.luben.zstd_jni;

    provides jetstream.api.store.StoreProvider with jetstream.store.file.FileStoreProvider;
}

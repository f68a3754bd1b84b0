/** What an operator does with the files of a server that is stopped. */
module jetstream.tools {
    requires jetstream.api;

    uses jetstream.api.store.StoreProvider;
}

/** Value types, configuration records, the error table and the three SPIs. JDK types only. */
module jetstream.api {
    exports jetstream.api;
    exports jetstream.api.config;
    exports jetstream.api.consensus;
    exports jetstream.api.entry;
    exports jetstream.api.error;
    exports jetstream.api.frame;
    exports jetstream.api.store;
    exports jetstream.api.transport;
}

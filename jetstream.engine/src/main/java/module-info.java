/** What JetStream means, without sockets, files or threads. */
module jetstream.engine {
    requires transitive jetstream.api;
    requires com.fasterxml.jackson.core;

    exports jetstream.engine;
    exports jetstream.engine.consumer;
    exports jetstream.engine.json;
    exports jetstream.engine.meta;
    exports jetstream.engine.shard;
    exports jetstream.engine.stream;
    exports jetstream.engine.subject;
}

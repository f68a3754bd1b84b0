/** JMH benchmarks of the hot layers. Runs on the class path, since JMH forks its measuring JVMs there. */
module jetstream.benchmarks {
    requires jetstream.api;
    requires jetstream.engine;
    requires jetstream.raft;
    requires jetstream.server;
    requires jetstream.wire;
    uses jetstream.api.store.StoreProvider;
    uses jetstream.api.transport.TransportProvider;
    requires jmh.core;
    requires org.agrona;
}

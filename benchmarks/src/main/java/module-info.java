/** JMH benchmarks of the hot layers. Runs on the class path, since JMH forks its measuring JVMs there. */
module jetstream.benchmarks {
    requires jetstream.api;
    requires jetstream.wire;
    requires jmh.core;
    requires org.agrona;
}

/** Consensus plug-in: a pure multi-raft core and the driver that performs its effects. */
module jetstream.raft {
    requires jetstream.api;
}

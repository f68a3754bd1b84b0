/** SBE schema, generated codecs, frames to bytes and back. */
module jetstream.wire {
    requires transitive jetstream.api;
    requires transitive org.agrona;

    exports jetstream.wire;
}

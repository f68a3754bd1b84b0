/** SBE schema, generated codecs, frames to bytes and back. */
module jetstream.wire {
    requires jetstream.api;
    requires org.agrona;
}

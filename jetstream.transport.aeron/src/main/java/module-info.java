/** Default transport: Aeron UDP and IPC with SBE frames. */
module jetstream.transport.aeron {
    requires jetstream.api;
    requires jetstream.wire;
    requires io.aeron.client;
    requires io.aeron.driver;
    requires org.agrona;

    provides jetstream.api.transport.TransportProvider with jetstream.transport.aeron.AeronTransportProvider;
}

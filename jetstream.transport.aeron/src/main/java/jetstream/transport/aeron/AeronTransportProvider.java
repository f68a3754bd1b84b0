package jetstream.transport.aeron;

import jetstream.api.transport.Transport;
import jetstream.api.transport.TransportContext;
import jetstream.api.transport.TransportProvider;

/** Aeron UDP and IPC, by the name {@code aeron}. */
public final class AeronTransportProvider implements TransportProvider {
    /** For ServiceLoader. */
    public AeronTransportProvider() {
    }

    @Override
    public String name() {
        return "aeron";
    }

    @Override
    public Transport open(final TransportContext context) {
        return AeronTransport.open(context, AeronTransportConfig.of(context.settings()));
    }
}

package jetstream.transport.aeron;

import jetstream.api.transport.TransportProvider;
import jetstream.testkit.contract.TransportContract;

final class AeronTransportContractTest extends TransportContract {
    @Override
    protected TransportProvider provider() {
        return new AeronTransportProvider();
    }
}

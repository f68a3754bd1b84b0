package jetstream.transport.aeron;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import jetstream.api.transport.TransportContext.ChannelRegistrar;
import org.agrona.CloseHelper;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * A receive endpoint whose channel also wakes the owner of the transport from its selector. Owner: the polling thread.
 */
final class WakingReceiveEndpoint extends ReceiveChannelEndpoint {
    private final ChannelRegistrar registrar;
    private AutoCloseable registration;

    WakingReceiveEndpoint(final UdpChannel channel, final DataPacketDispatcher dispatcher,
            final AtomicCounter statusIndicator, final MediaDriver.Context context, final ChannelRegistrar registrar) {
        super(channel, dispatcher, statusIndicator, context);
        this.registrar = registrar;
    }

    @Override
    public void openDatagramChannel(final AtomicCounter statusIndicator) {
        super.openDatagramChannel(statusIndicator);
        registration = registrar.register(receiveDatagramChannel);
    }

    @Override
    public void close() {
        CloseHelper.close(errorHandler, registration);
        super.close();
    }
}

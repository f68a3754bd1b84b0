package jetstream.transport.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import jetstream.api.transport.TransportContext.ChannelRegistrar;
import org.agrona.CloseHelper;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * A send endpoint whose channel – status messages and NAKs of the receiver arrive there – also wakes the owner of the
 * transport from its selector. Owner: the polling thread.
 */
final class WakingSendEndpoint extends SendChannelEndpoint {
    private final ChannelRegistrar registrar;
    private AutoCloseable registration;

    WakingSendEndpoint(final UdpChannel channel, final AtomicCounter statusIndicator, final MediaDriver.Context context,
            final ChannelRegistrar registrar) {
        super(channel, statusIndicator, context);
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

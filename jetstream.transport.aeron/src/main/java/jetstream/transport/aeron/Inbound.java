package jetstream.transport.aeron;

import io.aeron.Image;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import jetstream.api.transport.Lane;
import org.agrona.DirectBuffer;

/** One stream that comes in. Owner: the polling thread. */
final class Inbound implements FragmentHandler {
    final Image image;
    final Lane lane;
    final Reassembly reassembly = new Reassembly();
    private final Receiver receiver;
    /** Whose lane this is; null until a hello names its session. */
    Peer peer;

    Inbound(final Image image, final Lane lane, final Receiver receiver) {
        this.image = image;
        this.lane = lane;
        this.receiver = receiver;
    }

    /** IP address of the sender, or empty for IPC. */
    String sourceAddress() {
        final String identity = image.sourceIdentity();
        final int colon = identity.lastIndexOf(':');
        return identity.startsWith("aeron:") || colon < 0 ? "" : identity.substring(0, colon);
    }

    @Override
    public void onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        receiver.onMessage(this, buffer, offset, length);
    }

    /** Takes messages. */
    @FunctionalInterface
    interface Receiver {
        void onMessage(Inbound from, DirectBuffer buffer, int offset, int length);
    }
}

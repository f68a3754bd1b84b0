package jetstream.transport.aeron;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.Subscription;
import java.util.ArrayList;
import java.util.List;
import jetstream.api.transport.Lane;

/**
 * The subscriptions of this server, one per lane and medium, and the streams that arrive on them. Streams of the
 * control lane are read from anybody, for the handshake; those of other lanes only once their sender's link is up, so
 * that nobody can push frames in before (Aeron's flow control holds them back meanwhile). Owner: the polling thread.
 */
final class InboundLanes {
    /** Stream ids of the UDP lanes, by ordinal: 4222 and following. */
    static final int FIRST_STREAM = 4222;

    private static final Lane[] LANES = Lane.values();

    private final Inbound.Receiver receiver;
    private final List<List<Inbound>> streams = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean isChanged;

    InboundLanes(final Inbound.Receiver receiver) {
        this.receiver = receiver;
        for (int i = 0; i < LANES.length; i++) {
            streams.add(new ArrayList<>());
        }
    }

    /** Subscribes all lanes; waits for the driver, so that a bind error is known here. */
    void subscribe(final Aeron aeron, final ChannelOfLane channels, final int firstStream) {
        for (final Lane lane : LANES) {
            subscriptions.add(aeron.addSubscription(channels.channel(lane), firstStream + lane.ordinal(),
                    image -> add(image, lane), image -> remove(image, lane)));
        }
    }

    /** Whether streams came or went since the last call. */
    boolean takeChanged() {
        final boolean was = isChanged;
        isChanged = false;
        return was;
    }

    List<Inbound> streams(final Lane lane) {
        return streams.get(lane.ordinal());
    }

    /**
     * Reads at most about {@code limit} messages of each lane, control first. Bulk gets a quarter: its messages are
     * large and nobody waits for one of them.
     */
    int poll(final int limit) {
        return pollLane(Lane.CONTROL, limit) + pollLane(Lane.DATA, limit) + pollLane(Lane.ROUTE, limit)
                + pollLane(Lane.BULK, Math.max(1, limit / 4));
    }

    private int pollLane(final Lane lane, final int limit) {
        final List<Inbound> inbounds = streams.get(lane.ordinal());
        int work = 0;
        for (int i = 0; i < inbounds.size(); i++) {
            final Inbound inbound = inbounds.get(i);
            if (lane == Lane.CONTROL || inbound.peer != null && inbound.peer.isUp) {
                work += inbound.image.poll(inbound, limit);
            }
        }
        return work;
    }

    private void add(final Image image, final Lane lane) {
        streams.get(lane.ordinal()).add(new Inbound(image, lane, receiver));
        isChanged = true;
    }

    private void remove(final Image image, final Lane lane) {
        streams.get(lane.ordinal()).removeIf(inbound -> inbound.image == image);
        isChanged = true;
    }

    /** Channel to subscribe a lane on. */
    @FunctionalInterface
    interface ChannelOfLane {
        String channel(Lane lane);
    }
}

package jetstream.api.frame;

/**
 * What nodes say to each other. One record per frame; bytes that travel with it (entries, messages, images) are its
 * payload and stand beside it in {@link jetstream.api.transport.PeerLink#offer} and {@link
 * jetstream.api.transport.FrameHandler#onFrame}. One package, since the family is sealed.
 */
public sealed interface Frame permits RaftFrame, NodeFrame, RouteFrame {
}

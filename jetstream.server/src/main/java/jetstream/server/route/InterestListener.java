package jetstream.server.route;

/** Told when interest in a watched subject appears or vanishes, anywhere in the cluster. Node thread. */
@FunctionalInterface
public interface InterestListener {
    /** The state has changed; called after the change, never for the state at the time of registration. */
    void onInterest(boolean hasInterest);
}

package jetstream.server.faults;

/**
 * One way to break a cluster under load.
 *
 * @param name as {@code --only} takes it
 * @param site what it needs to stand on
 * @param strike breaks and mends; calls {@link Scene#healed()} where the mending is done, else its end counts
 */
record Fault(String name, Site site, Strike strike) {
    /** What a fault needs to stand on. */
    enum Site {
        LOOPBACK,
        SWITCHED,
        IMAGES,
        FALSE_CLOCK
    }

    /** Breaks a running cluster and mends it. */
    @FunctionalInterface
    interface Strike {
        void on(Scene scene) throws Exception;
    }
}

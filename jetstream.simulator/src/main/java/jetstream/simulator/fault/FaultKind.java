package jetstream.simulator.fault;

/** Faults of FAULTS section 2 that a simulated cluster can have. */
public enum FaultKind {
    /** A process is killed; what it wrote stays, forced or not. */
    KILL,
    /** A process ends in order. */
    TERMINATE,
    /** A machine loses its power: what was not forced is lost, wholly or in parts. */
    POWER,
    /** Several or all machines lose power at once. */
    POWER_MANY,
    /** A process stops for longer or shorter than an election time-out. */
    PAUSE,
    /** The network falls apart into two. */
    PARTITION,
    /** One direction between two nodes is cut. */
    ONE_WAY,
    /** Two nodes do not hear each other; others hear both. */
    BRIDGE,
    /** A node's links come and go. */
    FLAP,
    /** Links of one node take long. */
    SLOW_LINK,
    /** Frames are lost, doubled, overtaken, refused by the sender's lane. */
    UNRELIABLE,
    /** Requests and answers of clients are lost or come late. */
    CLIENTS,
    /** Forces of one node take up to 2.5 seconds. */
    SLOW_FORCE,
    /** A disk is full for a while. */
    DISK_FULL,
    /** A node's wall clock jumps by an hour. */
    CLOCK_JUMP,
    /** A node's clocks run up to twice as fast, or at half the speed. */
    CLOCK_DRIFT,
    /** A leader hands over. */
    STEPDOWN,
    /** A stream is deleted and made again, often while a node is down. */
    RECREATE,
    /** The victim's disk fails a force once, and works again. */
    FORCE_FAILS,
    /** The victim's disk fails writes. */
    WRITE_FAILS,
    /** The victim's disk is damaged while it is down. */
    DAMAGE,
    /** The victim comes back with an empty disk. */
    WIPE;

    /** Whether it takes away what a disk had promised: only one node of a run may suffer that. */
    public boolean isOfVictim() {
        return this == FORCE_FAILS || this == WRITE_FAILS || this == DAMAGE || this == WIPE;
    }
}

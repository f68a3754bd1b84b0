package jetstream.engine.shard;

/** A replica whose group may have other members than the meta group wants. */
interface Moving {
    /** Whether there is something left to do, and for this member to do it. */
    boolean isMoving();

    /** Takes a step, if one is possible. */
    void move();
}

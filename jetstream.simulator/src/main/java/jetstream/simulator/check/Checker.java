package jetstream.simulator.check;

import jetstream.simulator.world.Witness;

/** One rule about what nodes and clients may see. Watches the run, and judges what is there at the end. */
public interface Checker extends Witness {
    /** Judges, after everything healed. */
    default void judge(final Rest rest) {
    }
}

package jetstream.api.consensus;

import jetstream.api.NodeId;

/**
 * One change of membership; one at a time.
 *
 * @param kind what to do
 * @param node with whom
 * @see "Ongaro, thesis 2014, section 4.1, and the erratum of 2015: no change before an entry of the own term is
 *     committed"
 */
public record MemberChange(Kind kind, NodeId node) {
    /** What to do. */
    public enum Kind {
        /** Receives the log, does not count. */
        ADD_LEARNER,
        /** A learner that has caught up becomes a voter. */
        PROMOTE,
        /** Goes. */
        REMOVE
    }
}

package jetstream.wire;

/**
 * Why bytes were not taken as a frame. Refusing costs nothing and throws nothing: a poll loop counts it and goes on.
 */
public enum Refusal {
    /** Not refused. */
    NONE("taken"),
    /** Fewer bytes than a frame's header, or than the header promises. */
    TOO_SHORT("shorter than its header says"),
    /** Another schema id: not from one of our servers. */
    FOREIGN_SCHEMA("of a foreign schema"),
    /** A template that this version does not know; a newer peer may send it during a rolling upgrade. */
    UNKNOWN_FRAME("of an unknown kind"),
    /** The root block is shorter than the first version of the frame had it. */
    SHORT_BLOCK("lacking fields of its first version"),
    /** A field holds what it must not, for instance a negative count or text that runs past the frame's end. */
    BAD_VALUE("holding a value out of range");

    private final String description;

    Refusal(final String description) {
        this.description = description;
    }

    /** Ends the sentence "a frame …". */
    public String description() {
        return description;
    }
}

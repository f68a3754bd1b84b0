package jetstream.server.conf.cli;

import java.util.List;

/**
 * One command-line flag.
 *
 * @param names    without dashes; the first is the flag's own
 * @param argument what its value is called in the help; empty for a flag that is on or off
 * @param kind     how its value is read
 * @param help     one sentence; for a refused flag what is missing
 */
record Flag(List<String> names, String argument, Kind kind, String help) {

    /** How a value is read. */
    enum Kind {
        /** On, or {@code =true} or {@code =false}. */
        SWITCH,
        /** Any text. */
        TEXT,
        /** A whole number of 32 bits. */
        COUNT,
        /** A whole number of 64 bits. */
        LONG,
        /** A flag of the reference that takes no value and is not supported yet. */
        REFUSED_SWITCH,
        /** A flag of the reference that takes a value and is not supported yet. */
        REFUSED_TEXT
    }

    String name() {
        return names.getFirst();
    }

    boolean isSwitch() {
        return kind == Kind.SWITCH || kind == Kind.REFUSED_SWITCH;
    }

    boolean isRefused() {
        return kind == Kind.REFUSED_SWITCH || kind == Kind.REFUSED_TEXT;
    }
}

package jetstream.api.store;

import jetstream.api.OperatingException;

/** An operating error of a store. */
public abstract sealed class StoreException extends OperatingException {
    private static final long serialVersionUID = 1L;

    private StoreException(final String message, final Throwable cause) {
        super(message, cause);
    }

    /** No room on the medium. What was appended before stays; appends may succeed again when there is room. */
    public static final class Full extends StoreException {
        private static final long serialVersionUID = 1L;

        /** Says where and how much was wanted. */
        public Full(final String message, final Throwable cause) {
            super(message, cause);
        }
    }

    /** Stored bytes are not what was written. Never served, never deleted (FAULTS rule 3). */
    public static final class Corrupt extends StoreException {
        private static final long serialVersionUID = 1L;

        /** Says group, index, file, position and both checksums. */
        public Corrupt(final String message) {
            super(message, null);
        }
    }

    /** The medium refused an operation; the store must not be written again in this process (FAULTS rule 5). */
    public static final class Failed extends StoreException {
        private static final long serialVersionUID = 1L;

        /** Says which operation on which file. */
        public Failed(final String message, final Throwable cause) {
            super(message, cause);
        }
    }

    /** The store cannot be opened: locked, another server's, an unknown format. */
    public static sealed class Refused extends StoreException permits InUse {
        private static final long serialVersionUID = 1L;

        /** Says why, and what is allowed. */
        public Refused(final String message, final Throwable cause) {
            super(message, cause);
        }
    }

    /** The directory is locked by another server that lives. */
    public static final class InUse extends Refused {
        private static final long serialVersionUID = 1L;

        /** Says which directory, and who. */
        public InUse(final String message, final Throwable cause) {
            super(message, cause);
        }
    }
}

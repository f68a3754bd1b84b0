package jetstream.store.mapdb;

/** A page is not what was written. Passes through MapDB's code up to whoever asked for a record. */
final class PageDamaged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PageDamaged(final String message) {
        super(message);
    }
}

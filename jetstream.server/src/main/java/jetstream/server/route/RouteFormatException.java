package jetstream.server.route;

/** A frame of the route lane whose bytes are not what its sender should have written. */
final class RouteFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RouteFormatException(final String message) {
        super(message);
    }
}

package jetstream.server.net;

/** Told when clients log in and leave. Called on the node thread; may publish. */
public interface ClientEvents {
    /** Nobody wants to know. */
    ClientEvents NONE = new ClientEvents() {
        @Override
        public void onLogin(final ClientConnection connection) {
            // Nobody wants to know.
        }

        @Override
        public void onClosed(final ClosedConnection connection) {
            // Nobody wants to know.
        }
    };

    /** A client has sent a good CONNECT; also at a second one. */
    void onLogin(ClientConnection connection);

    /** A connection has ended, logged in or not. */
    void onClosed(ClosedConnection connection);
}

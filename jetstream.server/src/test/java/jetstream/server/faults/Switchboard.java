package jetstream.server.faults;

import io.nats.client.Connection;
import java.util.ArrayList;
import java.util.List;
import jetstream.server.acceptance.Clients;

/**
 * A connection to every server, one of them in use. A client that gets no answers turns to the next: the server it
 * talks to may be cut off from the others and not know it. Owner: one thread.
 */
@SuppressWarnings("try")
final class Switchboard implements AutoCloseable {
    private final List<Connection> connections = new ArrayList<>();
    private int current;

    /** @param urls of servers that are up; the preferred one first */
    Switchboard(final String[] urls) {
        for (final String url : urls) {
            connections.add(Clients.connect(url));
        }
    }

    Connection current() {
        return connections.get(current);
    }

    /** Turns to the next server that is connected; stays if there is none. */
    void turn() {
        for (int i = 0; i < connections.size(); i++) {
            current = (current + 1) % connections.size();
            if (isConnected()) {
                return;
            }
        }
    }

    boolean isConnected() {
        return current().getStatus() == Connection.Status.CONNECTED;
    }

    @Override
    public void close() throws InterruptedException {
        for (final Connection connection : connections) {
            connection.close();
        }
    }
}

package jetstream.server.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The open connections, the last closed ones, and what they all have done. Owner: node thread. */
public final class ClientTable {
    private final Map<Long, ClientConnection> open = new LinkedHashMap<>();
    private final ArrayDeque<ClosedConnection> closed = new ArrayDeque<>();
    private final ConnectionTraffic past = new ConnectionTraffic();
    private final int closedMax;
    private ClientEvents listener = ClientEvents.NONE;
    private long lastCid;
    private long totalConnections;
    private long slowConsumers;
    private long staleConnections;
    private long stalls;

    /**
     * Makes an empty table.
     *
     * @param closedMax closed connections that are remembered
     */
    public ClientTable(final int closedMax) {
        this.closedMax = closedMax;
    }

    /** The next connection id; users inside the server may draw one too. */
    public long nextCid() {
        return ++lastCid;
    }

    /** Open connections by id. */
    public Collection<ClientConnection> connections() {
        return open.values();
    }

    /** The open connection of that id, or null. */
    public ClientConnection connection(final long cid) {
        return open.get(cid);
    }

    /** The last closed connections, oldest first. */
    public List<ClosedConnection> closedConnections() {
        return new ArrayList<>(closed);
    }

    /** Connections ever made. */
    public long totalConnections() {
        return totalConnections;
    }

    /** Connections closed for being slow. */
    public long slowConsumers() {
        return slowConsumers;
    }

    /** Connections closed for being stale. */
    public long staleConnections() {
        return staleConnections;
    }

    /** Times that a fast producer was paused. */
    public long stalls() {
        return stalls;
    }

    /** Messages of all clients, gone ones included; computed. */
    public ConnectionTraffic traffic() {
        final ConnectionTraffic sum = new ConnectionTraffic();
        sum.add(past);
        for (final ClientConnection connection : open.values()) {
            sum.add(connection.traffic());
        }
        return sum;
    }

    /** Subscriptions of all clients; computed. */
    public long subscriptionCount() {
        long count = 0;
        for (final ClientConnection connection : open.values()) {
            count += connection.subscriptions().size();
        }
        return count;
    }

    void add(final ClientConnection connection) {
        open.put(connection.cid(), connection);
        totalConnections++;
    }

    void remove(final ClientConnection connection, final ClosedConnection record) {
        if (open.remove(connection.cid()) == null) {
            return;
        }
        past.add(connection.traffic());
        slowConsumers += isSlow(record.reason()) ? 1 : 0;
        staleConnections += record.reason() == ClosedReason.STALE_CONNECTION ? 1 : 0;
        closed.addLast(record);
        if (closed.size() > closedMax) {
            closed.removeFirst();
        }
        listener.onClosed(record);
    }

    void countStall() {
        stalls++;
    }

    /** Sets who is told of clients that log in and leave. */
    public void listener(final ClientEvents told) {
        listener = told;
    }

    void bound(final ClientConnection connection) {
        listener.onLogin(connection);
    }

    static boolean isSlow(final ClosedReason reason) {
        return reason == ClosedReason.SLOW_CONSUMER_PENDING || reason == ClosedReason.SLOW_CONSUMER_DEADLINE;
    }
}

package jetstream.server.faults;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeMap;
import jetstream.server.acceptance.Clients;
import jetstream.server.acceptance.ServerNode;

/**
 * Reads every message of one replica: direct gets in batches over a connection to that server. Direct gets are
 * served by a queue group of which the server that takes the request comes first.
 */
@SuppressWarnings("try")
final class ReplicaReader {
    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 6;

    private final ServerNode node;
    private final String stream;
    private final TreeMap<Long, Stored> found = new TreeMap<>();

    /**
     * A message as one replica has it.
     *
     * @param id message id, or the text if there is none
     * @param print all that has to be alike on all replicas
     */
    record Stored(String id, String print) {
    }

    ReplicaReader(final ServerNode node, final String stream) {
        this.node = node;
        this.stream = stream;
    }

    /** By sequence. @throws AssertionError if the server does not answer */
    TreeMap<Long, Stored> read() throws InterruptedException {
        int failed = 0;
        try (Connection connection = Clients.connect(node.clientUrl())) {
            long next = 1;
            while (true) {
                final long last = batch(connection, next);
                if (last == 0) {
                    return found;
                }
                if (last > 0) {
                    next = last + 1;
                } else if (++failed == ATTEMPTS) {
                    throw new AssertionError(node.name() + " does not answer direct gets of " + stream);
                }
            }
        }
    }

    /** The last sequence of the batch; 0 if there was none any more, -1 if no whole answer came. */
    private long batch(final Connection connection, final long from) throws InterruptedException {
        final String inbox = connection.createInbox();
        final Subscription answers = connection.subscribe(inbox);
        connection.publish("$JS.API.DIRECT.GET." + stream, inbox,
                Clients.bytes("{\"batch\":" + BATCH + ",\"seq\":" + from + "}"));
        long last = 0;
        try {
            while (true) {
                final Message answer = answers.nextMessage(PATIENCE);
                if (answer == null) {
                    return -1;
                }
                if (answer.isStatusMessage()) {
                    return switch (answer.getStatus().getCode()) {
                        case 204 -> last;
                        case 404 -> 0;
                        default -> -1;
                    };
                }
                last = note(answer);
            }
        } finally {
            answers.unsubscribe();
        }
    }

    private long note(final Message answer) {
        final long sequence = Long.parseLong(answer.getHeaders().getFirst("Nats-Sequence"));
        final String header = answer.getHeaders().getFirst("Nats-Msg-Id");
        final String text = new String(answer.getData(), StandardCharsets.UTF_8).strip();
        found.put(sequence, new Stored(header == null ? text : header,
                answer.getHeaders().getFirst("Nats-Subject") + " " + answer.getHeaders().getFirst("Nats-Time-Stamp")
                        + " "
                        + header + " " + text + " " + Arrays.hashCode(answer.getData())));
        return sequence;
    }
}

package jetstream.benchmarks.scale;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.IntFunction;

/**
 * One client connection that asks the JetStream API, many requests at a time. One thread: requests are written in
 * batches, and answers are read in between, so that neither side waits for the other while the window is not full.
 */
final class ApiConnection implements AutoCloseable {
    private static final String INBOX = "_INBOX.scale.";
    private static final int ANSWER_MS = 10_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private String subject = "";
    private byte[] payload = new byte[0];

    /** @throws IOException if nobody listens there, or what listens is no NATS server */
    ApiConnection(final int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MS);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
        line();
        write("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,"
                + "\"name\":\"scale\",\"lang\":\"java\",\"version\":\"1\",\"protocol\":1}\r\n"
                + "SUB " + INBOX + "* 1\r\nPING\r\n");
        while (!line().equals("PONG")) {
            // INFO may come again
        }
    }

    /**
     * What became of many requests.
     *
     * @param good how many were answered well
     * @param refused how many were answered with an error
     * @param firstRefusal the first of these answers; empty if there is none
     * @param askedAgain how many had to be sent once more, since no answer had come for ten seconds
     */
    record Answers(int good, int refused, String firstRefusal, int askedAgain) {
    }

    /**
     * Sends the requests 0 to {@code count - 1}, {@code window} of them under way at the most, and reads all answers.
     *
     * @throws IOException if the connection ends, or nothing is answered any more
     */
    Answers ask(final int count, final int window, final IntFunction<String> subjects,
            final IntFunction<String> payloads) throws IOException {
        final BitSet answered = new BitSet(count);
        int sent = 0;
        int refused = 0;
        int again = 0;
        String refusal = "";
        while (answered.cardinality() < count) {
            if (sent < count && sent - answered.cardinality() <= window / 2) {
                final StringBuilder batch = new StringBuilder();
                for (; sent < count && sent - answered.cardinality() < window; sent++) {
                    request(batch, subjects.apply(sent), Integer.toString(sent), payloads.apply(sent));
                }
                write(batch.toString());
            }
            if (!isAnswered()) {
                final StringBuilder batch = new StringBuilder();
                for (int i = answered.nextClearBit(0); i < sent; i = answered.nextClearBit(i + 1)) {
                    request(batch, subjects.apply(i), Integer.toString(i), payloads.apply(i));
                    again++;
                }
                write(batch.toString());
                message();
            }
            final int number = Integer.parseInt(subject, INBOX.length(), subject.length(), 10);
            final String text = new String(payload, StandardCharsets.UTF_8);
            if (!answered.get(number) && (payload.length == 0 || text.contains("\"error\":"))) {
                refused++;
                refusal = refusal.isEmpty() ? text : refusal;
            }
            answered.set(number);
        }
        return new Answers(count - refused, refused, refusal, again);
    }

    private boolean isAnswered() throws IOException {
        try {
            message();
            return true;
        } catch (final SocketTimeoutException e) {
            return false;                               // nothing at all: between two messages, not within one
        }
    }

    /** @throws IOException if the answer does not come within 10 s, or the connection ends */
    String ask(final String requestSubject, final String request) throws IOException {
        final StringBuilder text = new StringBuilder();
        final String id = "one-" + System.nanoTime();
        request(text, requestSubject, id, request);
        write(text.toString());
        do {
            message();
        } while (!subject.equals(INBOX + id));
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static void request(final StringBuilder text, final String subject, final String id, final String body) {
        text.append("PUB ").append(subject).append(' ').append(INBOX).append(id).append(' ').append(body.length())
                .append("\r\n").append(body).append("\r\n");
    }

    private void write(final String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads the next message; its subject and payload are then in the fields. */
    private void message() throws IOException {
        while (true) {
            final String line = line();
            if (line.startsWith("MSG ") || line.startsWith("HMSG ")) {
                final String[] words = line.split(" ");
                final int total = Integer.parseInt(words[words.length - 1]);
                final int header = line.charAt(0) == 'H' ? Integer.parseInt(words[words.length - 2]) : 0;
                subject = words[1];
                in.skipNBytes(header);
                payload = in.readNBytes(total - header);
                in.skipNBytes(2);
                return;
            }
            if (line.startsWith("-ERR")) {
                throw new IOException("the server says " + line);
            }
            if (line.equals("PING")) {
                write("PONG\r\n");
            }
        }
    }

    private String line() throws IOException {
        final StringBuilder text = new StringBuilder(128);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server has closed the connection");
            }
            if (b != '\r') {
                text.append((char) b);
            }
        }
        return text.toString();
    }
}

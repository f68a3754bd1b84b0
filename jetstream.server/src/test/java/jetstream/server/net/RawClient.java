package jetstream.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A socket that speaks the protocol word by word. */
final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;

    private final Socket socket;
    private final InputStream in;
    private final String info;

    RawClient(final int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        in = socket.getInputStream();
        info = line();
    }

    /** The first line the server sent. */
    String info() {
        return info;
    }

    RawClient send(final String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** CONNECT that is not verbose, and waits until it was taken. */
    RawClient connect(final String moreOptions) throws IOException {
        send("CONNECT {\"verbose\":false,\"pedantic\":false" + moreOptions + "}\r\nPING\r\n");
        final String answer = line();
        if (!"PONG".equals(answer)) {
            throw new IOException("not connected: " + answer);
        }
        return this;
    }

    /** Next line without its end; null at the end of the stream. */
    String line() throws IOException {
        final StringBuilder text = new StringBuilder();
        while (true) {
            final int b = in.read();
            if (b < 0) {
                return text.isEmpty() ? null : text.toString();
            }
            if (b == '\n') {
                return text.substring(0, text.length() - (text.toString().endsWith("\r") ? 1 : 0));
            }
            text.append((char) b);
        }
    }

    /** Everything the server sends before it closes or resets the connection. */
    String untilClosed() throws IOException {
        final StringBuilder text = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                text.append((char) b);
            }
        } catch (final SocketException e) {
            return text.toString();
        }
        return text.toString();
    }

    /** Exactly so many characters. */
    String read(final int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /** Everything up to the answer to a PING, which is left out. */
    String untilPong() throws IOException {
        send("PING\r\n");
        final StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("PONG\r\n")) {
            final int b = in.read();
            if (b < 0) {
                throw new IOException("closed after " + text);
            }
            text.append((char) b);
        }
        return text.substring(0, text.length() - "PONG\r\n".length());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

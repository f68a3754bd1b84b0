package jetstream.benchmarks;

import java.nio.charset.StandardCharsets;
import jetstream.server.protocol.ClientHandler;
import jetstream.server.protocol.ClientParser;
import jetstream.server.protocol.ProtocolError;
import jetstream.server.protocol.PublishView;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A buffer full of publishes, as a socket read brings it, to calls of a handler that only counts. Per publish. */
public class ParserBenchmark extends LayerBenchmark {
    private static final int PUBLISHES = 64;

    /** Payload of a publish in bytes. */
    @Param({"16", "1024"}) public int payloadLength;

    private final Count count = new Count();
    private final ClientParser parser = new ClientParser(count, 4096);
    private byte[] publishes;
    private byte[] publishesWithHeaders;

    /** Writes the input as a client would. */
    @Setup
    public void write() {
        final String payload = "x".repeat(payloadLength);
        final String headers = "NATS/1.0\r\nNats-Msg-Id: 0123456789\r\n\r\n";
        publishes = ("PUB orders.eu.4711 _INBOX.abcdefghijklmnop.17 " + payloadLength + "\r\n" + payload + "\r\n")
                .repeat(PUBLISHES).getBytes(StandardCharsets.US_ASCII);
        publishesWithHeaders = ("HPUB orders.eu.4711 _INBOX.abcdefghijklmnop.17 " + headers.length() + " "
                + (headers.length() + payloadLength) + "\r\n" + headers + payload + "\r\n")
                .repeat(PUBLISHES).getBytes(StandardCharsets.US_ASCII);
    }

    /** PUB with a reply subject. */
    @Benchmark
    @OperationsPerInvocation(PUBLISHES)
    public long publish() {
        return parsed(publishes);
    }

    /** HPUB with a reply subject and one header. */
    @Benchmark
    @OperationsPerInvocation(PUBLISHES)
    public long publishWithHeaders() {
        return parsed(publishesWithHeaders);
    }

    private long parsed(final byte[] input) {
        if (parser.parse(input, 0, input.length) != input.length) {
            throw new IllegalStateException("not read to the end");
        }
        return count.publishes;
    }

    private static final class Count implements ClientHandler {
        private long publishes;

        @Override
        public boolean onConnect(final byte[] buffer, final int from, final int to) {
            return true;
        }

        @Override
        public boolean onPublishLine(final PublishView publish) {
            return true;
        }

        @Override
        public boolean onPublish(final PublishView publish) {
            publishes++;
            return true;
        }

        @Override
        public boolean onSubscribe(final byte[] buffer, final int[] args) {
            return true;
        }

        @Override
        public boolean onUnsubscribe(final byte[] buffer, final int from, final int to, final int max) {
            return true;
        }

        @Override
        public boolean onPing() {
            return true;
        }

        @Override
        public boolean onPong() {
            return true;
        }

        @Override
        public void onError(final ProtocolError error) {
            throw new IllegalStateException(error.toString());
        }
    }
}

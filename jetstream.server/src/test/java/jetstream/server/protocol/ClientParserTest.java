package jetstream.server.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientParserTest {
    private static final int CONTROL_LINE_MAX = 64;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "PING~                       | ping",
        "ping   whatever~            | ping",
        "PONG~PONG;                  | pong,pong",
        "+OK~+ok maybe~PING~         | ping",
        "PUB a 2~hi~                 | pub a - 0/2 hi",
        "pub\ta\tr\t2~hi~            | pub a r 0/2 hi",
        "PUB a 007~1234567~          | pub a - 0/7 1234567",
        "PUB   a   0~~PING~          | pub a - 0/0 ,ping",
        "HPUB a 5 7~abcdefg~         | pub a - 5/7 abcdefg",
        "hpub a r 0 1~x~             | pub a r 0/1 x",
        "SUB a 1~                    | sub a - 1",
        "SUB a q 1;                  | sub a q 1",
        "UNSUB 1~                    | unsub 1 -1",
        "UNSUB 1 5~                  | unsub 1 5",
        "UNSUB 1 x~                  | unsub 1 -1",
        "CONNECT {}~                 | connect {}",
        "INFO {\"a\":1}~PING~        | ping",
        "PUB a 2~hiX                 | error UNKNOWN_OPERATION",
        "PUB a 2~hi;                 | error UNKNOWN_OPERATION",
        "PUB a~                      | error BAD_ARGUMENTS",
        "PUB a b c 2~                | error BAD_ARGUMENTS",
        "PUB a x~                    | error BAD_ARGUMENTS",
        "PUB a -1~                   | error BAD_ARGUMENTS",
        "PUB a 1234567890~           | error BAD_ARGUMENTS",
        "HPUB a 2~                   | error BAD_ARGUMENTS",
        "HPUB a 8 7~                 | error BAD_ARGUMENTS",
        "SUB a~                      | error BAD_ARGUMENTS",
        "SUB a b c d~                | error BAD_ARGUMENTS",
        "UNSUB 1 2 3~                | error BAD_ARGUMENTS",
        "-ERR 'x'~                   | error CLIENT_ERROR",
        "MSG a 1 2~                  | error UNKNOWN_OPERATION",
        "RMSG x~                     | error UNKNOWN_OPERATION",
        "PINX                        | error UNKNOWN_OPERATION",
        "PUBx                        | error UNKNOWN_OPERATION",
        "X                           | error UNKNOWN_OPERATION",
    })
    void operationsAreRecognised(final String input, final String expected) {
        final String calls = expected == null ? "" : expected.strip();
        final String bytes = input.strip().replace("~", "\r\n").replace(";", "\n");
        assertEquals(calls, String.join(",", parse(bytes, bytes.length())).strip());
        for (int piece = 1; piece < bytes.length(); piece++) {
            assertEquals(calls, String.join(",", parse(bytes, piece)).strip(), "pieces of " + piece);
        }
    }

    @Test
    void payloadMayHoldAnything() {
        assertEquals(List.of("pub a - 0/8 \r\nPING\r\n", "ping"), parse("PUB a 8\r\n\r\nPING\r\n\r\nPING\r\n", 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUB ", "PUB ", "CONNECT ", "UNSUB ", "HPUB ", "INFO "})
    void tooLongLineIsRefusedBeforeItEnds(final String verb) {
        assertEquals(List.of("error MAX_CONTROL_LINE"), parse(verb + "x".repeat(CONTROL_LINE_MAX + 2), 1000));
        assertEquals(List.of("error MAX_CONTROL_LINE"), parse(verb + "x".repeat(CONTROL_LINE_MAX + 1) + "\r\n", 7));
    }

    @Test
    void pingMayBeFollowedByEndlessJunk() {
        assertEquals(List.of("ping", "ping"), parse("PING " + "x".repeat(5_000) + "\r\nPING\r\n", 100));
    }

    @Test
    void needOfALargePayloadIsTold() {
        final ClientParser parser = new ClientParser(new Recorder(), CONTROL_LINE_MAX);
        final byte[] line = "PUB a 1000\r\nxyz".getBytes(StandardCharsets.US_ASCII);
        assertEquals(0, parser.parse(line, 0, line.length));
        assertEquals("PUB a 1000\r\n".length() + 1000 + 2, parser.neededBytes());
    }

    @Test
    void randomSplitsGiveTheSameCalls() {
        final long seed = 4_222L;
        final Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            final String input = validInput(random);
            final List<String> whole = parse(input, input.length());
            assertEquals(whole, parse(input, 1 + random.nextInt(40)), "seed " + seed + " round " + round);
        }
    }

    @Test
    void garbageNeverBreaksTheParser() {
        final long seed = 4_223L;
        final Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            final byte[] garbage = garbage(random);
            final String text = new String(garbage, StandardCharsets.ISO_8859_1);
            final List<String> whole = parse(text, text.length());
            assertEquals(whole, parse(text, 1 + random.nextInt(8)), "seed " + seed + " round " + round + ": " + text);
            assertTrue(whole.stream().filter(call -> call.startsWith("error")).count() <= 1);
        }
    }

    private static byte[] garbage(final Random random) {
        final byte[] alphabet = "PUB SUHN\r\n09ac+-'C\t\r\n  12".getBytes(StandardCharsets.US_ASCII);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (random.nextBoolean()) {
            out.writeBytes(validInput(random).getBytes(StandardCharsets.ISO_8859_1));
        }
        for (int i = random.nextInt(60); i > 0; i--) {
            out.write(random.nextInt(5) == 0 ? random.nextInt(256) : alphabet[random.nextInt(alphabet.length)]);
        }
        final byte[] bytes = out.toByteArray();
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String validInput(final Random random) {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            final int length = random.nextInt(30);
            final String body = "\r\nPUB x 1\r\n 'abc' \r\n 12345678901234567890".substring(0, length);
            text.append(switch (random.nextInt(6)) {
                case 0 -> "PING\r\n";
                case 1 -> "SUB a.b." + length + " q 7\r\n";
                case 2 -> "UNSUB 7 " + length + "\n";
                case 3 -> "HPUB a.b r " + length / 2 + " " + length + "\r\n" + body + "\r\n";
                case 4 -> "+OK\r\n";
                default -> "PUB a.b " + length + "\r\n" + body + "\r\n";
            });
        }
        return text.toString();
    }

    /**
     * Feeds the input in pieces, the way a connection does: what is left over comes again in front of the next piece.
     */
    private static List<String> parse(final String input, final int piece) {
        final byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
        final Recorder recorder = new Recorder();
        final ClientParser parser = new ClientParser(recorder, CONTROL_LINE_MAX);
        byte[] rest = new byte[0];
        for (int from = 0; from < bytes.length && !recorder.isClosed; from += piece) {
            final int to = Math.min(bytes.length, from + piece);
            final byte[] joined = Arrays.copyOf(rest, rest.length + to - from);
            System.arraycopy(bytes, from, joined, rest.length, to - from);
            final int end = parser.parse(joined, 0, joined.length);
            assertTrue(end >= 0 && end <= joined.length);
            rest = Arrays.copyOfRange(joined, end, joined.length);
        }
        return recorder.calls;
    }

    /** Writes down the calls. */
    private static final class Recorder implements ClientHandler {
        private final List<String> calls = new ArrayList<>();
        private boolean isClosed;

        @Override
        public boolean onConnect(final byte[] buffer, final int from, final int to) {
            return add("connect " + text(buffer, from, to - from).strip());
        }

        @Override
        public boolean onPublishLine(final PublishView publish) {
            return true;
        }

        @Override
        public boolean onPublish(final PublishView p) {
            final String reply = p.replyLength() == 0 ? "-" : text(p.buffer(), p.replyFrom(), p.replyLength());
            return add("pub " + text(p.buffer(), p.subjectFrom(), p.subjectLength()) + ' ' + reply + ' '
                    + p.headersLength() + '/' + p.totalLength() + ' '
                    + text(p.buffer(), p.bodyFrom(), p.totalLength()));
        }

        @Override
        public boolean onSubscribe(final byte[] buffer, final int[] args) {
            final String queue = args[2] == args[3] ? "-" : text(buffer, args[2], args[3] - args[2]);
            return add("sub " + text(buffer, args[0], args[1] - args[0]) + ' ' + queue + ' '
                    + text(buffer, args[4], args[5] - args[4]));
        }

        @Override
        public boolean onUnsubscribe(final byte[] buffer, final int from, final int to, final int max) {
            return add("unsub " + text(buffer, from, to - from) + ' ' + max);
        }

        @Override
        public boolean onPing() {
            return add("ping");
        }

        @Override
        public boolean onPong() {
            return add("pong");
        }

        @Override
        public void onError(final ProtocolError error) {
            add("error " + error);
            isClosed = true;
        }

        private boolean add(final String call) {
            assertTrue(!isClosed, "call after the end: " + call);
            calls.add(call);
            return true;
        }

        private static String text(final byte[] buffer, final int from, final int length) {
            return new String(buffer, from, length, StandardCharsets.ISO_8859_1);
        }
    }
}

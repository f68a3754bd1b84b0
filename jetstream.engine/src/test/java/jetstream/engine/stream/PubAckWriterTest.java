package jetstream.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jetstream.api.error.ApiError;
import org.junit.jupiter.api.Test;

/** The forms of spec/jetstream-api.md section 5, byte for byte. */
class PubAckWriterTest {
    private static String text(final PubAckWriter writer, final int length) {
        return StreamFixture.text(writer.buffer(), 0, length);
    }

    @Test
    void answersAreAsClientsKnowThem() {
        final PubAckWriter ack = new PubAckWriter("S", "");

        assertEquals("{\"stream\":\"S\",\"seq\":1234567890}", text(ack, ack.stored(1_234_567_890)));
        assertEquals("{\"stream\":\"S\",\"seq\":7,\"duplicate\": true}", text(ack, ack.duplicate(7)));
        assertEquals("{\"stream\":\"S\",\"seq\":7,\"val\":\"-12\"}", text(ack, ack.counter(7, "-12")));
        assertEquals("{\"stream\":\"S\",\"seq\":9,\"batch\":\"b1\",\"count\":3}", text(ack, ack.batch(9, "b1", 3)));
        assertEquals("{\"error\":{\"code\":400,\"err_code\":10071,\"description\":\"wrong last sequence: 3\"},"
                + "\"stream\":\"S\",\"seq\":0}", text(ack, ack.failure(ApiError.STREAM_WRONG_LAST_SEQUENCE.with(3))));
    }

    @Test
    void domainStandsBehindTheStream() {
        final PubAckWriter ack = new PubAckWriter("S", "D");

        assertEquals("{\"stream\":\"S\",\"domain\":\"D\",\"seq\":5}", text(ack, ack.stored(5)));
    }
}

package jetstream.benchmarks;

import jetstream.api.frame.Frame;
import jetstream.api.frame.RaftFrame;
import jetstream.wire.FrameDecoder;
import jetstream.wire.FrameEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Frame heads to bytes and back. Frames are records and are made per batch of messages, so the decoder may allocate
 * them.
 */
public class FrameBenchmark extends LayerBenchmark {
    private final FrameEncoder encoder = new FrameEncoder();
    private final FrameDecoder decoder = new FrameDecoder();
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[FrameEncoder.HEAD_LENGTH_MAX]);
    private final UnsafeBuffer append = new UnsafeBuffer(new byte[FrameEncoder.HEAD_LENGTH_MAX + 4096]);
    private final UnsafeBuffer reply = new UnsafeBuffer(new byte[FrameEncoder.HEAD_LENGTH_MAX]);
    private Frame appendFrame;
    private Frame replyFrame;
    private int appendLength;
    private int replyLength;

    /** An append with a payload, and its answer. */
    @Setup
    public void encodeSources() {
        appendFrame = new RaftFrame.Append(0x1234_5678_9ABCL, 7, 1_000_000, 7, 999_990, 16, 0);
        replyFrame = new RaftFrame.AppendReply(0x1234_5678_9ABCL, 7, true, 1_000_016, 1_000_016, 0);
        appendLength = encoder.encode(appendFrame, append, 0) + 4096;
        replyLength = encoder.encode(replyFrame, reply, 0);
    }

    /** The head of an append. */
    @Benchmark
    public int encodeAppend() {
        return encoder.encode(appendFrame, target, 0);
    }

    /** The head of an append with 4 KiB of entries behind it. */
    @Benchmark
    public Frame decodeAppend() {
        return decoder.decode(append, 0, appendLength);
    }

    /** The answer to an append. */
    @Benchmark
    public int encodeReply() {
        return encoder.encode(replyFrame, target, 0);
    }

    /** The answer to an append. */
    @Benchmark
    public Frame decodeReply() {
        return decoder.decode(reply, 0, replyLength);
    }
}

package jetstream.engine.stream;

/**
 * Numbers of a stream at one moment.
 *
 * @param messages live messages
 * @param bytes their footprint (spec/streams.md section 2.2)
 * @param firstSeq sequence of the first live message; {@code lastSeq + 1} if there is none, but 0 in a new stream
 * @param firstEpochNs its time; 0 if there is none
 * @param lastSeq last sequence that was given; 0 in a new stream
 * @param lastEpochNs when it was given; 0 in a new stream
 * @param subjects subjects that have messages
 * @param deleted sequences from {@code firstSeq} to {@code lastSeq} that are not live
 */
public record StreamState(long messages, long bytes, long firstSeq, long firstEpochNs, long lastSeq, long lastEpochNs,
        long subjects, long deleted) {
}

/**
 * What a stream is: the state machine of a stream's RAFT group.
 *
 * <p>Way of a message: {@code StreamIngest} (leader: refuses early, brings headers into form) → {@code StreamEntries}
 * (entry bytes into the proposal) → the log → {@code StreamEngine.apply} on every member: {@code MessageIntake}, {@code
 * PublishRules} and {@code LimitEnforcer} decide, {@code DuplicateWindow} remembers the id, {@code StoredMessages} the
 * place of the record → {@code StreamListener} → the leader answers with {@code PubAckWriter}. Readers come through
 * {@code StreamReader}; {@code MessageLookup} answers the API.
 *
 * <p>Read first: {@code StreamEngine}, {@code StreamEntries}, {@code StoredMessages}, {@code SequenceBlock}, {@code
 * StreamListener}. Everything belongs to the shard thread; nothing here knows a clock, a thread, a file or a socket:
 * time comes in entries. Decisions: ADR 0060 to 0062.
 */
package jetstream.engine.stream;

/**
 * Consumers: the state machine of a consumer's group, and the delivery that its leader does.
 *
 * <p>What is replicated is in {@code ConsumerLedger} and changes only as entries are applied. What
 * only the leader knows (who waits for messages, when a message is due again, what is proposed and not committed) is in
 * {@code ConsumerLeader} and is made anew for each leadership, so that nothing that was proposed and lost survives.
 *
 * <p>Read first: {@link jetstream.engine.consumer.ConsumerEngine} (the way in), {@code ConsumerLedger} (replicated
 * state), {@code ConsumerLeader} (one duty cycle), {@code PullDelivery} (pull requests), {@code AckIntake} (acks).
 *
 * <p>Everything runs on the shard thread. Nothing reads a clock, starts a thread or does I/O. The hot path makes no
 * garbage.
 */
package jetstream.engine.consumer;

package jetstream.server.route;

/** Told of changes of this server's own interest, so that peers can be told. Node thread. */
@FunctionalInterface
public interface LocalInterestListener {
    /**
     * The number of local subscriptions of a pattern has changed. Plain subscriptions are reported only when they
     * become one or none, members of a queue group at every change.
     *
     * @param account account
     * @param subject pattern; not to be changed
     * @param queue   queue group, or null for plain subscriptions; not to be changed
     * @param count   local subscriptions now
     */
    void onChange(Account account, byte[] subject, byte[] queue, int count);
}

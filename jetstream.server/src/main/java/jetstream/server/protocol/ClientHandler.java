package jetstream.server.protocol;

/**
 * Receives what {@link ClientParser} reads. Ranges lie in the given buffer and are valid during the call. A method that
 * returns false stops the parser right behind the operation: the connection was closed, or it waits for something.
 */
public interface ClientHandler {
    /** CONNECT with its JSON in {@code [from, to)}. */
    boolean onConnect(byte[] buffer, int from, int to);

    /**
     * The control line of a PUB or HPUB whose payload may not have arrived yet; may be called again for the same line.
     *
     * @return false if the connection was closed
     */
    boolean onPublishLine(PublishView publish);

    /** A whole PUB or HPUB. */
    boolean onPublish(PublishView publish);

    /**
     * SUB.
     *
     * @param buffer    input
     * @param args      positions {@code from, to} of subject, queue and sid; those of the queue are equal if there is
     *                  none
     */
    boolean onSubscribe(byte[] buffer, int[] args);

    /**
     * UNSUB.
     *
     * @param buffer input
     * @param from   first byte of the sid
     * @param to     end of the sid
     * @param max    messages after which the subscription ends; -1 or 0: at once
     */
    boolean onUnsubscribe(byte[] buffer, int from, int to, int max);

    /** PING. */
    boolean onPing();

    /** PONG. */
    boolean onPong();

    /** The input is wrong; the parser has stopped. The handler writes {@code error.line()} and closes. */
    void onError(ProtocolError error);
}

package jetstream.server.net;

/** Has got output in this turn of the node thread. */
interface Flushable {
    /** Hands the output of the turn to the socket. */
    void flush();
}

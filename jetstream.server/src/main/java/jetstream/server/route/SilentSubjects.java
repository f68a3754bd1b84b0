package jetstream.server.route;

/** Requests that are met with silence although nobody takes them: unknown subjects of an API. Node thread. */
@FunctionalInterface
public interface SilentSubjects {
    /** Whether the requester is told nothing. */
    boolean isSilent(Account account, byte[] subject, int length);
}

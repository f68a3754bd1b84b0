package jetstream.server.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An isolated space of subjects. Owner: node thread; the name may be read by anyone. */
public final class Account {
    private final String name;
    private final byte[] nameBytes;
    private final boolean isSystem;
    private final Interest interest = new Interest();
    private final List<InterestWatch> watches = new ArrayList<>();
    private int clientCount;
    private long totalClients;
    private long subscriptionCount;
    private final AccountTraffic traffic = new AccountTraffic();
    private final SubjectMappings mappings = new SubjectMappings();

    /**
     * Makes an account.
     *
     * @param name     for instance {@code $G}
     * @param isSystem whether it is the system account
     */
    public Account(final String name, final boolean isSystem) {
        this.name = name;
        this.nameBytes = name.getBytes(StandardCharsets.UTF_8);
        this.isSystem = isSystem;
    }

    /** Name. */
    public String name() {
        return name;
    }

    /** Name as bytes; not to be changed. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    /** Whether it is the system account. */
    public boolean isSystem() {
        return isSystem;
    }

    /** Client connections bound to it now. */
    public int clientCount() {
        return clientCount;
    }

    /** Client connections ever bound to it. */
    public long totalClients() {
        return totalClients;
    }

    /** Counts a client that was bound to it. */
    public void clientBound() {
        clientCount++;
        totalClients++;
    }

    /** Counts a client that has left. */
    public void clientLeft() {
        clientCount--;
    }

    /** Local subscriptions, the server's own included. */
    public long subscriptionCount() {
        return subscriptionCount;
    }

    /** Messages and bytes of its clients. */
    public AccountTraffic traffic() {
        return traffic;
    }

    /** What renames the subjects that its clients publish to. */
    public SubjectMappings mappings() {
        return mappings;
    }

    /** Renames the subject of a message that a client of this account has published. */
    public void mapPublished(final Msg msg) {
        if (!mappings.isEmpty()) {
            mappings.apply(msg);
        }
    }

    /** Look-ups answered by the match cache. */
    public long matchCacheHits() {
        return interest.hits();
    }

    /** Look-ups that walked the tree. */
    public long matchCacheMisses() {
        return interest.misses();
    }

    Interest interest() {
        return interest;
    }

    List<InterestWatch> watches() {
        return watches;
    }

    void addSubscriptions(final int change) {
        subscriptionCount += change;
    }

    @Override
    public String toString() {
        return "Account[" + name + "]";
    }
}

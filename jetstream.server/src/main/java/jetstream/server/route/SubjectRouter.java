package jetstream.server.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jetstream.api.NodeId;
import jetstream.engine.subject.SubjectMatcher;

/**
 * Hands each message to whoever is interested in its subject: plain subscriptions all, queue groups one member each,
 * other servers once each. A message that came from a peer never leaves for another one. Owner: node thread.
 *
 * <p>Queue groups are served once in the cluster: a local member if one takes it, else a peer chosen with the share
 * of its members as probability; that peer is told the names of the groups it has to serve.
 */
public final class SubjectRouter {
    private static final int LISTENERS_FIRST = 2;

    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<NodeId, PeerRoute> peers = new HashMap<>();
    private final List<LocalInterestListener> listeners = new ArrayList<>(LISTENERS_FIRST);
    private final List<ForwardList> forwards = new ArrayList<>();
    private final String systemAccount;
    private RouteOutbox outbox = (peer, account, msg, queues) -> {};
    private SilentSubjects silent = (account, subject, length) -> false;
    private int depth;
    private int random;

    /**
     * Makes a router without accounts.
     *
     * @param systemAccount name of the system account
     * @param seed          start of the choice among queue members
     */
    public SubjectRouter(final String systemAccount, final int seed) {
        this.systemAccount = systemAccount;
        this.random = seed | 1;
    }

    /** The account of that name, made if it is not there: peers may speak of accounts this server was not told of. */
    public Account account(final String name) {
        return accounts.computeIfAbsent(name, n -> new Account(n, n.equals(systemAccount)));
    }

    /** The account of that name, or null. */
    public Account accountOrNull(final String name) {
        return accounts.get(name);
    }

    /** All accounts. */
    public Collection<Account> accounts() {
        return accounts.values();
    }

    /** Sets where messages for peers go. */
    public void outbox(final RouteOutbox target) {
        outbox = target;
    }

    /** Adds a listener for changes of this server's interest. */
    public void addListener(final LocalInterestListener listener) {
        listeners.add(listener);
    }

    /**
     * Subscribes the server itself; other servers are told.
     *
     * @param account     whose subjects
     * @param subject     valid pattern
     * @param queueOrNull queue group or null
     * @param handler     called on the node thread
     * @return handle to end it
     */
    public InternalSubscription subscribe(final Account account, final String subject, final String queueOrNull,
            final InternalHandler handler) {
        return subscribe(account, subject, queueOrNull, handler, false);
    }

    /** Like {@link #subscribe}, for messages published on this server only: other servers are not told. */
    public InternalSubscription subscribeLocally(final Account account, final String subject, final String queueOrNull,
            final InternalHandler handler) {
        return subscribe(account, subject, queueOrNull, handler, true);
    }

    private InternalSubscription subscribe(final Account account, final String subject, final String queueOrNull,
            final InternalHandler handler, final boolean isLocalOnly) {
        final byte[] pattern = subject.getBytes(StandardCharsets.UTF_8);
        if (!SubjectMatcher.isValidPattern(pattern, pattern.length)) {
            throw new IllegalArgumentException("not a subject: " + subject);
        }
        final byte[] queue = queueOrNull == null ? null : queueOrNull.getBytes(StandardCharsets.UTF_8);
        final InternalReceiver receiver = new InternalReceiver(handler);
        final Subscription made = new Subscription(account, receiver, pattern, queue, new byte[0], isLocalOnly);
        subscribe(made);
        return () -> unsubscribe(made);
    }

    /** Puts a subscription in force. */
    public void subscribe(final Subscription subscription) {
        final Account account = subscription.account();
        final InterestNode node = account.interest().nodeOrNew(subscription.subject());
        final byte[] queue = subscription.queue();
        final SubscriptionList list = queue == null ? node.plain() : node.groupOrNew(queue).locals();
        list.add(subscription);
        account.addSubscriptions(1);
        account.interest().changed(node);
        if (!subscription.isLocalOnly()) {
            tell(subscription, list.gossipedCount(), 1);
        }
        refreshWatches(account, subscription.subject());
    }

    /** Ends a subscription. Idempotent. */
    public void unsubscribe(final Subscription subscription) {
        if (subscription.isClosed()) {
            return;
        }
        subscription.close();
        final Account account = subscription.account();
        final InterestNode node = account.interest().nodeOrNew(subscription.subject());
        final byte[] queue = subscription.queue();
        final QueueGroup group = queue == null ? null : node.group(queue);
        final SubscriptionList list = group == null ? node.plain() : group.locals();
        list.remove(subscription);
        if (group != null) {
            node.dropIfEmpty(group);
        }
        account.addSubscriptions(-1);
        account.interest().changed(node);
        if (!subscription.isLocalOnly()) {
            tell(subscription, list.gossipedCount(), 0);
        }
        refreshWatches(account, subscription.subject());
    }

    /** Plain interest is told when it becomes {@code edge}: 1 on the way up, 0 on the way down. */
    private void tell(final Subscription subscription, final int count, final int edge) {
        if (subscription.queue() != null || count == edge) {
            for (int i = 0; i < listeners.size(); i++) {
                listeners.get(i).onChange(subscription.account(), subscription.subject(), subscription.queue(), count);
            }
        }
    }

    /**
     * Hands out a message that a client of this server or the server itself published.
     *
     * @param account whose subjects
     * @param msg     the message; unchanged afterwards
     * @return number of subscriptions and peers that took it; 0 means no responders
     */
    public int publish(final Account account, final Msg msg) {
        final Match match = account.interest().match(msg.target(), msg.targetLength());
        if (match.isEmpty()) {
            return 0;
        }
        match.pin();
        try {
            int taken = 0;
            for (int i = 0; i < match.plainCount(); i++) {
                taken += deliver(match.plain(i), msg) ? 1 : 0;
            }
            if (match.groupCount() + match.peerCount() > 0) {
                taken += publishToGroupsAndPeers(account, msg, match);
            }
            return taken;
        } finally {
            match.unpin();
        }
    }

    private int publishToGroupsAndPeers(final Account account, final Msg msg, final Match match) {
        if (depth == forwards.size()) {
            forwards.add(new ForwardList());
        }
        final ForwardList forward = forwards.get(depth++);
        try {
            forward.clear();
            int taken = 0;
            for (int i = 0; i < match.groupCount(); i++) {
                final QueueGroup group = match.group(i);
                if (deliverToMember(group, msg)) {
                    taken++;
                } else {
                    final PeerRoute peer = group.pickPeer(nextRandom());
                    if (peer != null) {
                        forward.names(peer).add(group.name());
                    }
                }
            }
            for (int i = 0; i < match.peerCount(); i++) {
                forward.names(match.peer(i));
            }
            for (int i = 0; i < forward.count(); i++) {
                if (!forward.peer(i).isGone()) {
                    outbox.forward(forward.peer(i), account, msg, forward.names(i));
                    taken++;
                }
            }
            return taken;
        } finally {
            depth--;
        }
    }

    private boolean deliverToMember(final QueueGroup group, final Msg msg) {
        final int count = group.locals().count();
        int place = count > 1 ? nextRandom() % count : 0;
        for (int tries = 0; tries < count; tries++) {
            // A member that ends during its delivery shortens the list.
            if (place >= group.locals().count()) {
                place = 0;
            }
            if (group.locals().count() > 0 && deliver(group.locals().item(place), msg)) {
                return true;
            }
            place++;
        }
        return false;
    }

    private boolean deliver(final Subscription subscription, final Msg msg) {
        if (subscription.isClosed() || !subscription.receiver().deliver(subscription, msg)) {
            return false;
        }
        subscription.countDelivered();
        if (subscription.max() > 0 && subscription.delivered() >= subscription.max()) {
            unsubscribe(subscription);
            subscription.receiver().onEnded(subscription);
        }
        return true;
    }

    /** Sets which requests are to be met with silence if nobody takes them, instead of being told so. */
    public void silence(final SilentSubjects subjects) {
        silent = subjects;
    }

    /** Whether a request that nobody took is to be met with silence. */
    public boolean isSilent(final Account account, final byte[] subject, final int length) {
        return silent.isSilent(account, subject, length);
    }

    /**
     * Tells whether anybody in the cluster takes messages of a subject.
     *
     * @param account whose subjects
     * @param subject literal subject
     * @param length  number of its bytes
     * @return true if so
     */
    public boolean hasInterest(final Account account, final byte[] subject, final int length) {
        return account.interest().hasAny(subject, length);
    }

    /**
     * Finds a subscription of one receiver that would get messages of a subject.
     *
     * @param account  whose subjects
     * @param receiver whose subscription
     * @param subject  literal subject
     * @param length   number of its bytes
     * @return the subscription, or null
     */
    public Subscription subscriptionOf(final Account account, final Receiver receiver, final byte[] subject,
            final int length) {
        final Match match = account.interest().match(subject, length);
        for (int i = 0; i < match.plainCount(); i++) {
            if (match.plain(i).receiver() == receiver) {
                return match.plain(i);
            }
        }
        for (int i = 0; i < match.groupCount(); i++) {
            final SubscriptionList members = match.group(i).locals();
            for (int k = 0; k < members.count(); k++) {
                if (members.item(k).receiver() == receiver) {
                    return members.item(k);
                }
            }
        }
        return null;
    }

    /**
     * Tells whether a local receiver of a subject has so much to take already that deliveries should wait.
     *
     * @param account whose subjects
     * @param subject literal subject
     * @param length  number of its bytes
     * @return true if so
     */
    public boolean isCongested(final Account account, final byte[] subject, final int length) {
        final Match match = account.interest().match(subject, length);
        for (int i = 0; i < match.plainCount(); i++) {
            if (match.plain(i).receiver().isCongested()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Watches a subject; see {@link InterestWatch#hasInterest()} for the state at once.
     *
     * @param account     whose subjects
     * @param subject     literal subject
     * @param queueOrNull only members of this queue group count; null: everybody
     * @param listener    told of changes
     * @return handle to ask and to end it
     */
    public InterestWatch watch(final Account account, final String subject, final String queueOrNull,
            final InterestListener listener) {
        final InterestWatch watch = new InterestWatch(account, subject.getBytes(StandardCharsets.UTF_8),
                queueOrNull == null ? null : queueOrNull.getBytes(StandardCharsets.UTF_8), listener);
        account.watches().add(watch);
        return watch;
    }

    private static void refreshWatches(final Account account, final byte[] pattern) {
        if (account.watches().isEmpty()) {
            return;
        }
        for (final InterestWatch watch : List.copyOf(account.watches())) {
            if (SubjectMatcher.covers(pattern, pattern.length, watch.subject(), watch.subject().length)) {
                watch.refresh();
            }
        }
    }

    /** A server has come up; interest of an earlier life of it is gone. */
    public PeerRoute addPeer(final NodeId node) {
        final PeerRoute before = peers.get(node);
        if (before != null) {
            removePeer(before);
        }
        final PeerRoute made = new PeerRoute(node);
        peers.put(node, made);
        return made;
    }

    /**
     * A peer has told its interest.
     *
     * @param peer        who
     * @param account     whose subjects
     * @param subject     valid pattern; kept
     * @param queueOrNull queue group or null; kept
     * @param weight      its subscriptions of this pattern and group now; 0 means none
     */
    public void remoteInterest(final PeerRoute peer, final Account account, final byte[] subject,
            final byte[] queueOrNull, final int weight) {
        final InterestNode node = account.interest().nodeOrNew(subject);
        if (queueOrNull != null) {
            final QueueGroup group = node.groupOrNew(queueOrNull);
            group.weight(peer, weight);
            node.dropIfEmpty(group);
        } else if (weight == 0) {
            node.peers().remove(peer);
        } else if (!node.peers().contains(peer)) {
            node.peers().add(peer);
        }
        account.interest().changed(node);
        refreshWatches(account, subject);
    }

    /** A server has gone: forgets its interest. Idempotent. */
    public void removePeer(final PeerRoute peer) {
        peer.markGone();
        peers.remove(peer.node(), peer);
        forgetInterest(peer);
    }

    /** Forgets what a peer has told of its interest, since it is about to tell everything anew. */
    public void forgetInterest(final PeerRoute peer) {
        for (final Account account : accounts.values()) {
            final List<InterestNode> touched = new ArrayList<>();
            account.interest().trie().forEach((subject, node) -> {
                if (dropPeer(node, peer)) {
                    touched.add(node);
                }
            });
            for (final InterestNode node : touched) {
                account.interest().changed(node);
                refreshWatches(account, node.subject());
            }
        }
    }

    private static boolean dropPeer(final InterestNode node, final PeerRoute peer) {
        boolean isTouched = node.peers().remove(peer);
        for (final QueueGroup group : List.copyOf(node.groups())) {
            isTouched |= group.weight(peer, 0);
            node.dropIfEmpty(group);
        }
        return isTouched;
    }

    /**
     * Hands out a message that came from a peer: to all plain subscriptions and to one local member of each named
     * group. It is never forwarded.
     *
     * @param account whose subjects
     * @param msg     the message
     * @param queues  groups that the sender wants served here
     * @return number of subscriptions that took it
     */
    public int deliverFromPeer(final Account account, final Msg msg, final QueueNames queues) {
        final Match match = account.interest().match(msg.target(), msg.targetLength());
        match.pin();
        try {
            int taken = 0;
            for (int i = 0; i < match.plainCount(); i++) {
                taken += deliver(match.plain(i), msg) ? 1 : 0;
            }
            for (int i = 0; i < match.groupCount() && queues.count() > 0; i++) {
                if (queues.contains(match.group(i).name())) {
                    taken += deliverToMember(match.group(i), msg) ? 1 : 0;
                }
            }
            return taken;
        } finally {
            match.unpin();
        }
    }

    /** Reports all local interest that peers are told of, as a listener would have heard it. */
    public void snapshot(final LocalInterestListener target) {
        for (final Account account : accounts.values()) {
            account.interest().trie().forEach((subject, node) -> {
                if (node.plain().gossipedCount() > 0) {
                    target.onChange(account, node.subject(), null, node.plain().gossipedCount());
                }
                for (final QueueGroup group : node.groups()) {
                    if (group.locals().gossipedCount() > 0) {
                        target.onChange(account, node.subject(), group.name(), group.locals().gossipedCount());
                    }
                }
            });
        }
    }

    private int nextRandom() {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        return random & Integer.MAX_VALUE;
    }
}

package jetstream.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.CodecException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import jetstream.server.auth.Login;
import jetstream.server.auth.PermissionSet;
import jetstream.server.auth.Proof;
import jetstream.server.launch.LaunchLines;
import jetstream.server.protocol.ClientParser;
import jetstream.server.protocol.ConnectOptions;
import jetstream.server.protocol.ProtocolError;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;
import jetstream.server.route.Origin;
import jetstream.server.route.Receiver;
import jetstream.server.route.Subscription;
import jetstream.server.tls.CertificateNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its socket, who it is, its subscriptions, and how it ends. What its operations mean is in
 * {@link ClientCommands}. Owner: node thread.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter implements Receiver, Origin {
    private static final long CONGESTED_BYTES = 8L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final long STALL_MS = 5;
    private static final long NS_PER_MS = 1_000_000;

    private final ClientServices services;
    private final SocketChannel channel;
    private final Entrance entrance;
    private final long cid;
    private final String nonce;
    private String remoteHost;
    private final int remotePort;
    private final long startEpochNs = epochNs();
    private final ConnectionTraffic traffic = new ConnectionTraffic();
    private final ConnectionOutput output;
    private final ConnectionInput input;
    private final Liveness liveness;
    private final ClientCommands commands;
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private ConnectOptions options = new ConnectOptions();
    private Login login;
    private ResponseGrants grants;
    private ScheduledFuture<?> authTimer;
    private long lastActivityNs = System.nanoTime();
    private long stalls;
    private boolean isStalled;
    private boolean usesHeaders;
    private int maxPayload;
    private ClosedReason closedReason;
    private SSLSession tlsSession;
    private UpgradeCookies cookies = UpgradeCookies.NONE;

    ClientConnection(final ClientServices services, final SocketChannel channel, final Entrance entrance) {
        this.services = services;
        this.channel = channel;
        this.entrance = entrance;
        cid = services.table().nextCid();
        nonce = services.authenticator().newNonce();
        final InetSocketAddress remote = channel.remoteAddress();
        remoteHost = remote == null ? "" : remote.getAddress().getHostAddress();
        remotePort = remote == null ? 0 : remote.getPort();
        output = new ConnectionOutput(services.loop(), services.arrays(), channel,
                services.config().limits().maxPendingBytes());
        liveness = new Liveness(this, services.loop(), services.config().timing());
        commands = new ClientCommands(this, services);
        final ClientParser parser = new ClientParser(commands, services.config().limits().maxControlLineBytes());
        input = new ConnectionInput(parser, services.sharedInput(), services.arrays());
        maxPayload = maxPayload(null);
    }

    private static long epochNs() {
        return System.currentTimeMillis() * NS_PER_MS;
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx) {
        begin();
    }

    /** The connection is there; nothing was said yet. */
    void begin() {
        services.table().add(this);
        LOG.debug("{} - Client connection created", this);
    }

    /** Says who the server is, at once and in whatever way the channel has by now. */
    void greet() {
        output.write(infoLine(null));
        output.flush();
        final int max = services.config().limits().maxConnections();
        if (services.table().connections().size() > Math.max(max, 0) && max != 0) {
            fail(ProtocolError.MAX_CONNECTIONS, ClosedReason.MAX_CONNECTIONS);
        }
    }

    /** From now on the client must log in within the time for it. */
    void awaitLogin() {
        if (closedReason == null && services.authenticator().isRequired(entrance.isWebSocket())) {
            authTimer = services.loop().eventLoop().schedule(this::onAuthTimeout, entrance.loginTimeoutNs(),
                    TimeUnit.NANOSECONDS);
        }
    }

    /** A TLS handshake has ended well. */
    void secured(final SSLSession session) {
        tlsSession = session;
    }

    private void onAuthTimeout() {
        if (login == null) {
            fail(ProtocolError.AUTHENTICATION_TIMEOUT, ClosedReason.AUTHENTICATION_TIMEOUT);
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object bytes) {
        try {
            lastActivityNs = System.nanoTime();
            input.onBytes((ByteBuf) bytes);
        } finally {
            ReferenceCountUtil.release(bytes);
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) {
        close(ClosedReason.CLIENT_CLOSED);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        if (cause instanceof IOException || closedReason != null) {
            close(ClosedReason.CLIENT_CLOSED);
            return;
        }
        if (cause instanceof final CodecException bad) { // bytes that are no TLS or no WebSocket
            LOG.debug("{} - {}", this, bad.getMessage());
            close(ClosedReason.PROTOCOL_VIOLATION);
            return;
        }
        LOG.error("{} - closed by an error of the server", this, cause);
        close(ClosedReason.READ_ERROR);
    }

    /** Binds the connection to a user. An earlier binding and its subscriptions are given up. */
    void bind(final Login to) {
        if (login != null) {
            dropSubscriptions();
            login.account().clientLeft();
        }
        login = to;
        login.account().clientBound();
        maxPayload = maxPayload(login);
        final PermissionSet permissions = to.permissions();
        final boolean hasResponses = permissions != null && permissions.responses() != null;
        grants = hasResponses ? new ResponseGrants(permissions.responses()) : null;
        if (authTimer != null) {
            authTimer.cancel(false);
            authTimer = null;
        }
        if (to.expiry().epochNs() != 0) {
            authTimer = services.loop().eventLoop().schedule(this::onExpired, to.expiry().epochNs() - epochNs(),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void onExpired() {
        fail(login.expiry().isOfAccount() ? ProtocolError.ACCOUNT_EXPIRED : ProtocolError.USER_EXPIRED,
                ClosedReason.AUTHENTICATION_EXPIRED);
    }

    @Override
    public boolean deliver(final Subscription subscription, final Msg msg) {
        if (closedReason != null || msg.origin() == this && !options.echo()) {
            return false;
        }
        if (subscription.needsDenyFilter()
                && login.permissions().deniesDelivery(msg.subject(), msg.subjectLength())) {
            return false;
        }
        if (grants != null && msg.hasReply()
                && !login.permissions().canPublish(msg.reply(), msg.replyLength())) {
            grants.grant(msg.reply(), msg.replyLength(), System.nanoTime());
        }
        final int bytes = MessageWriter.write(output, msg, subscription.sid(), usesHeaders);
        traffic.countOut(bytes);
        login.account().traffic().countOut(bytes);
        if (output.hasBacklog()) {
            onBacklog(msg.origin());
        }
        return true;
    }

    private void onBacklog(final Origin producer) {
        if (output.isOverLimit()) {
            LOG.error("{} - {}", this,
                    String.format(LaunchLines.SLOW_PENDING, services.config().limits().maxPendingBytes()));
            close(ClosedReason.SLOW_CONSUMER_PENDING);
        } else if (producer != null && producer != this && output.isNearLimit()) {
            producer.stall();
        }
    }

    @Override
    public void onEnded(final Subscription subscription) {
        subscriptions.remove(subscription.sidText());
    }

    @Override
    public void stall() {
        if (isStalled) {
            return;
        }
        isStalled = true;
        stalls++;
        services.table().countStall();
        channel.config().setAutoRead(false);
        services.loop().eventLoop().schedule(this::endStall, STALL_MS, TimeUnit.MILLISECONDS);
    }

    private void endStall() {
        isStalled = false;
        if (!input.isPaused()) {
            channel.config().setAutoRead(true);
        }
    }

    /** Reads nothing more until {@link #resumeInput()}: the client's credentials are being looked at. */
    void pauseInput() {
        input.pause();
        channel.config().setAutoRead(false);
    }

    void resumeInput() {
        input.resume();
        if (!isStalled && !input.isPaused()) {
            channel.config().setAutoRead(true);
        }
    }

    /** Tells the client what it has done wrong and closes. */
    void fail(final ProtocolError error, final ClosedReason reason) {
        if (closedReason == null) {
            output.write(error.line());
            end(reason, error.line().length > 0);
        }
    }

    /** Closes without a word. Idempotent. */
    public void close(final ClosedReason reason) {
        end(reason, false);
    }

    private void end(final ClosedReason reason, final boolean hasLastWord) {
        if (closedReason != null) {
            return;
        }
        closedReason = reason;
        LOG.debug("{} - Client connection closed: {}", this, reason.text());
        services.table().remove(this, closedConnection());
        if (login != null && ClientTable.isSlow(reason)) {
            login.account().traffic().countSlowConsumer();
        }
        dropSubscriptions();
        if (login != null) {
            login.account().clientLeft();
        }
        liveness.stop();
        if (authTimer != null) {
            authTimer.cancel(false);
        }
        input.close();
        output.close();
        Farewell.say(channel, reason, hasLastWord, entrance.isWebSocket());
    }

    private ClosedConnection closedConnection() {
        final List<String> patterns = new ArrayList<>();
        for (final Subscription subscription : subscriptions.values()) {
            patterns.add(subscription.subjectText());
        }
        final ClosedConnection.Client client = new ClosedConnection.Client(options.name(), options.language(),
                options.version(), user(), login == null ? "" : login.account().name());
        return new ClosedConnection(cid, remoteHost(), remotePort(), startEpochNs, lastActivityEpochNs(), epochNs(),
                closedReason, rttNs(), traffic, patterns, client, stalls);
    }

    void dropSubscriptions() {
        for (final Subscription subscription : List.copyOf(subscriptions.values())) {
            services.router().unsubscribe(subscription);
        }
        subscriptions.clear();
    }

    Map<String, Subscription> subscriptionsBySid() {
        return subscriptions;
    }

    /** What the client has to show for itself. */
    Proof proof() {
        final boolean mapsToUser = tlsSession != null && entrance.tls().config().clients().mapsToUser();
        return new Proof(options, nonce, entrance.connectionType(),
                mapsToUser ? CertificateNames.of(tlsSession) : null, remoteHost);
    }

    byte[] infoLine(final Account bound) {
        return entrance.infoLine().line(this, bound);
    }

    /** Sends INFO if the client can take one outside of its connect. */
    void sendInfo() {
        if (closedReason == null && options.protocol() >= 1 && commands.isPongSent()) {
            output.write(infoLine(null));
        }
    }

    /** Largest message that this client may send. */
    int maxPayload() {
        return maxPayload;
    }

    private int maxPayload(final Login of) {
        final int max = services.config().limits().maxPayloadBytes();
        final int accountMax = of == null ? -1 : of.limits().maxPayloadBytes();
        return accountMax < 0 ? max : Math.min(max, accountMax);
    }

    ConnectionOutput output() {
        return output;
    }

    Liveness liveness() {
        return liveness;
    }

    Login login() {
        return login;
    }

    ResponseGrants grants() {
        return grants;
    }

    ConnectOptions options() {
        return options;
    }

    void options(final ConnectOptions told) {
        options = told;
        usesHeaders = told.headers() && services.config().client().headersSupported();
    }

    boolean usesHeaders() {
        return usesHeaders;
    }

    boolean isClosed() {
        return closedReason != null;
    }

    /** Checks that the socket takes bytes; called from time to time. */
    void checkWrites(final long nowNs) {
        if (closedReason == null && output.isStuck(nowNs, services.config().timing().writeDeadlineNs())) {
            final String deadline = services.config().timing().writeDeadlineNs() / NS_PER_MS + "ms";
            LOG.error("{} - {}", this, String.format(LaunchLines.SLOW_WRITE, deadline, 1, output.pendingBytes()));
            close(ClosedReason.SLOW_CONSUMER_DEADLINE);
        }
    }

    /** What the client may have to sign; empty if nobody signs. */
    String nonce() {
        return nonce;
    }

    /** The port at which the client came in. */
    Entrance entrance() {
        return entrance;
    }

    /** Credentials that came with the upgrade to WebSocket. */
    void cookies(final UpgradeCookies sent) {
        cookies = sent;
    }

    UpgradeCookies cookies() {
        return cookies;
    }

    /** The client came through a proxy that tells its address. */
    void forwardedFor(final String host) {
        remoteHost = host;
    }

    /** Protocol version and cipher suite of TLS; null without it. */
    public SSLSession tlsSession() {
        return tlsSession;
    }

    /** Whether the client uses WebSocket. */
    public boolean isWebSocket() {
        return entrance.isWebSocket();
    }

    @Override
    public long cid() {
        return cid;
    }

    /** The account; null until the client has logged in. */
    @Override
    public Account account() {
        return login == null ? null : login.account();
    }

    @Override
    public String clientName() {
        return options.name();
    }

    @Override
    public String user() {
        return login == null ? "" : login.user();
    }

    @Override
    public String remoteHost() {
        return remoteHost;
    }

    /** Port of the client. */
    public int remotePort() {
        return remotePort;
    }

    @Override
    public String language() {
        return options.language();
    }

    @Override
    public String version() {
        return options.version();
    }

    @Override
    public long startEpochNs() {
        return startEpochNs;
    }

    @Override
    public long rttNs() {
        return liveness.rttNs();
    }

    /** Last input, wall clock, nanoseconds since 1970. */
    public long lastActivityEpochNs() {
        return epochNs() - (System.nanoTime() - lastActivityNs);
    }

    /** Messages and bytes. */
    public ConnectionTraffic traffic() {
        return traffic;
    }

    /** Subscriptions in the order in which they were made. */
    public Collection<Subscription> subscriptions() {
        return subscriptions.values();
    }

    /** Bytes that the client has not taken yet. */
    public long pendingBytes() {
        return output.pendingBytes();
    }

    @Override
    public boolean isCongested() {
        return output.pendingBytes() > CONGESTED_BYTES;
    }

    /** Times that it was paused since it was too fast for a subscriber. */
    public long stalls() {
        return stalls;
    }

    @Override
    public String toString() {
        return remoteHost() + ":" + remotePort() + " - cid:" + cid;
    }
}

package jetstream.server.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jetstream.engine.subject.SubjectMatcher;
import jetstream.server.auth.Login;
import jetstream.server.auth.PermissionSet;
import jetstream.server.conf.LimitsConfig;
import jetstream.server.protocol.ClientHandler;
import jetstream.server.protocol.ConnectOptions;
import jetstream.server.protocol.ProtocolError;
import jetstream.server.protocol.ProtocolWriter;
import jetstream.server.protocol.PublishView;
import jetstream.server.route.Account;
import jetstream.server.route.Msg;
import jetstream.server.route.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operations of one client do. Owner: node thread.
 *
 * @see "spec/client-protocol.md sections 2 to 5"
 */
final class ClientCommands implements ClientHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCommands.class);
    private static final byte[] SYSTEM_QUEUE = "_sys_".getBytes(StandardCharsets.US_ASCII);

    private final ClientConnection connection;
    private final ClientServices services;
    private final LimitsConfig limits;
    private boolean isPongSent;
    private boolean hasConnected;
    private boolean isAuthPending;

    ClientCommands(final ClientConnection connection, final ClientServices services) {
        this.connection = connection;
        this.services = services;
        this.limits = services.config().limits();
    }

    /** Whether the client may be sent INFO at any time. */
    boolean isPongSent() {
        return isPongSent;
    }

    @Override
    public boolean onConnect(final byte[] buffer, final int from, final int to) {
        final ConnectOptions options;
        try {
            options = ConnectOptions.parse(buffer, from, to);
        } catch (final IOException e) {
            LOG.debug("{} - CONNECT could not be read: {}", connection, e.getMessage());
            connection.close(ClosedReason.PROTOCOL_VIOLATION);
            return false;
        }
        final UpgradeCookies cookies = connection.cookies();
        options.fill(cookies.jwt(), cookies.user(), cookies.password(), cookies.token());
        connection.options(options);
        isAuthPending = true;
        services.authenticator().authenticate(connection.proof(), this::onAuthenticated);
        if (isAuthPending) {
            connection.pauseInput();
            return false;
        }
        return !connection.isClosed();
    }

    private void onAuthenticated(final Login login) {
        isAuthPending = false;
        if (connection.isClosed()) {
            return;
        }
        if (login == null) {
            refuse();
            return;
        }
        final ConnectOptions options = connection.options();
        final int accountMax = login.limits().maxConnections();
        if (accountMax >= 0 && login.account() != connection.account() && login.account().clientCount() >= accountMax) {
            connection.fail(ProtocolError.MAX_ACCOUNT_CONNECTIONS, ClosedReason.MAX_ACCOUNT_CONNECTIONS);
            return;
        }
        connection.bind(login);
        if (options.protocol() != 0 && options.protocol() != 1) {
            connection.fail(ProtocolError.BAD_PROTOCOL_VERSION, ClosedReason.BAD_CLIENT_PROTOCOL);
        } else if (options.noResponders() && !connection.usesHeaders()) {
            connection.fail(ProtocolError.NO_RESPONDERS_NEEDS_HEADERS, ClosedReason.NO_RESPONDERS_NEEDS_HEADERS);
        } else {
            hasConnected = true;
            services.table().bound(connection);
            connection.liveness().start();
            ok();
            connection.resumeInput();
        }
    }

    private void refuse() {
        final ConnectOptions options = connection.options();
        LOG.error("{} - authentication error{}", connection,
                options.user().isEmpty() ? "" : " - User \"" + options.user() + '"');
        connection.fail(ProtocolError.AUTHORIZATION, ClosedReason.AUTHENTICATION_FAILURE);
    }

    /** Any operation but CONNECT needs a login; one without credentials is made on the spot where that is allowed. */
    private boolean isBound() {
        if (connection.login() != null) {
            return true;
        }
        final Login anonymous = services.authenticator().anonymous(connection.isWebSocket());
        if (anonymous == null) {
            refuse();
            return false;
        }
        connection.bind(anonymous);
        return true;
    }

    @Override
    public boolean onPublishLine(final PublishView publish) {
        if (!isBound()) {
            return false;
        }
        if (publish.hasHeaders() && !connection.usesHeaders()) {
            LOG.debug("{} - HPUB without header support", connection);
            connection.close(ClosedReason.HEADER_VIOLATION);
            return false;
        }
        if (publish.totalLength() > connection.maxPayload()) {
            LOG.error("{} - maximum payload violation: {} vs {}", connection, publish.totalLength(),
                    connection.maxPayload());
            connection.fail(ProtocolError.MAX_PAYLOAD, ClosedReason.MAX_PAYLOAD);
            return false;
        }
        return true;
    }

    @Override
    public boolean onPublish(final PublishView publish) {
        final Account account = connection.login().account();
        connection.traffic().countIn(publish.totalLength());
        account.traffic().countIn(publish.totalLength());
        final byte[] in = publish.buffer();
        final Msg msg = services.incoming()
                .subject(in, publish.subjectFrom(), publish.subjectLength())
                .reply(in, publish.replyFrom(), publish.replyLength())
                .body(in, publish.bodyFrom(), publish.headersLength(), publish.totalLength())
                .sizeText(in, publish.headerTextFrom(), publish.headerTextLength(), publish.sizeTextFrom(),
                        publish.sizeTextLength())
                .origin(connection);
        if (connection.options().pedantic() && !SubjectMatcher.isValidLiteral(msg.subject(), msg.subjectLength())) {
            connection.output().write(ProtocolError.INVALID_PUBLISH_SUBJECT.line());
        }
        if (!isAllowed(msg, account)) {
            return true;
        }
        ok();
        account.mapPublished(msg);
        if (services.router().publish(account, msg) == 0 && msg.hasReply() && connection.options().noResponders()
                && !services.router().isSilent(account, msg.subject(), msg.subjectLength())) {
            sendNoResponders(account, msg);
        }
        return !connection.isClosed();
    }

    private boolean isAllowed(final Msg msg, final Account account) {
        final byte[] subject = msg.subject();
        final int length = msg.subjectLength();
        if (ReservedSubjects.isReserved(subject, length, account.isSystem()) || !mayPublish(subject, length)) {
            violation("Publish to \"" + msg.subjectText() + '"');
            return false;
        }
        if (msg.hasReply() && ReservedSubjects.isReservedReply(msg.reply(), msg.replyLength())) {
            violation("Publish with Reply of \"" + msg.replyText() + '"');
            return false;
        }
        return true;
    }

    private boolean mayPublish(final byte[] subject, final int length) {
        final PermissionSet permissions = connection.login().permissions();
        if (permissions == null || permissions.canPublish(subject, length)) {
            return true;
        }
        return connection.grants() != null && connection.grants().use(subject, length, System.nanoTime());
    }

    private void violation(final String what) {
        LOG.error("{} - Permissions Violation for {}", connection, what);
        connection.output().write(ProtocolError.line("Permissions Violation for " + what));
    }

    private void sendNoResponders(final Account account, final Msg msg) {
        final Subscription own =
                services.router().subscriptionOf(account, connection, msg.reply(), msg.replyLength());
        if (own == null) {
            return;
        }
        connection.traffic().countOut(MessageWriter.writeNoResponders(connection.output(), msg, own.sid()));
    }

    @Override
    public boolean onSubscribe(final byte[] buffer, final int[] args) {
        if (!isBound()) {
            return false;
        }
        connection.liveness().onSign();
        final byte[] subject = Arrays.copyOfRange(buffer, args[0], args[1]);
        final byte[] queue = args[2] == args[3] ? null : Arrays.copyOfRange(buffer, args[2], args[3]);
        final byte[] sid = Arrays.copyOfRange(buffer, args[4], args[5]);
        final String refusal = refusal(subject, queue);
        if (refusal != null) {
            LOG.error("{} - {}", connection, refusal);
            connection.output().write(ProtocolError.line(refusal));
            return true;
        }
        final Login login = connection.login();
        final Subscription made = new Subscription(login.account(), connection, subject, queue, sid, false);
        if (connection.subscriptionsBySid().putIfAbsent(made.sidText(), made) == null) {
            made.needsDenyFilter(login.permissions() != null && login.permissions().needsDeliveryFilter(subject));
            services.router().subscribe(made);
        }
        ok();
        return true;
    }

    /** Why a subscription is not made; null if it is. */
    private String refusal(final byte[] subject, final byte[] queue) {
        final String name = new String(subject, StandardCharsets.UTF_8);
        final String quoted = "Permissions Violation for Subscription to \"" + name + '"';
        if (limits.maxSubscriptionTokens() > 0
                && SubjectMatcher.tokenCount(subject, subject.length) > limits.maxSubscriptionTokens()) {
            return quoted + ", too many tokens";
        }
        final PermissionSet permissions = connection.login().permissions();
        final boolean isDenied = queue != null && Arrays.equals(queue, SYSTEM_QUEUE)
                || permissions != null && !permissions.canSubscribe(subject, queue);
        if (isDenied) {
            return queue == null
                    ? quoted
                    : quoted + " using queue \"" + new String(queue, StandardCharsets.UTF_8) + '"';
        }
        if (isFull()) {
            return ProtocolError.MAX_SUBSCRIPTIONS.text();
        }
        return SubjectMatcher.isValidPattern(subject, subject.length) ? null : ProtocolError.INVALID_SUBJECT.text();
    }

    private boolean isFull() {
        final int count = connection.subscriptionsBySid().size();
        final int accountMax = connection.login().limits().maxSubscriptions();
        return limits.maxSubscriptions() > 0 && count >= limits.maxSubscriptions()
                || accountMax >= 0 && count >= accountMax;
    }

    @Override
    public boolean onUnsubscribe(final byte[] buffer, final int from, final int to, final int max) {
        if (!isBound()) {
            return false;
        }
        final String sid = new String(buffer, from, to - from, StandardCharsets.UTF_8);
        final Subscription subscription = connection.subscriptionsBySid().get(sid);
        if (subscription != null) {
            if (max > 0 && max > subscription.delivered()) {
                subscription.max(max);
            } else {
                connection.subscriptionsBySid().remove(sid);
                services.router().unsubscribe(subscription);
            }
        }
        ok();
        return true;
    }

    @Override
    public boolean onPing() {
        if (!isBound()) {
            return false;
        }
        connection.liveness().onSign();
        connection.output().write(ProtocolWriter.PONG);
        if (hasConnected && !isPongSent) {
            isPongSent = true;
            if (connection.options().protocol() >= 1) {
                connection.output().write(connection.infoLine(connection.account()));
            }
        }
        return true;
    }

    @Override
    public boolean onPong() {
        if (!isBound()) {
            return false;
        }
        connection.liveness().onPong();
        return true;
    }

    @Override
    public void onError(final ProtocolError error) {
        if (connection.login() == null && services.authenticator().anonymous(connection.isWebSocket()) == null
                && error == ProtocolError.UNKNOWN_OPERATION) {
            refuse();
            return;
        }
        LOG.debug("{} - {}", connection, error);
        final ClosedReason reason = switch (error) {
            case MAX_CONTROL_LINE -> ClosedReason.MAX_CONTROL_LINE;
            case CLIENT_ERROR -> ClosedReason.PARSE_ERROR;
            default -> ClosedReason.PROTOCOL_VIOLATION;
        };
        connection.fail(error, reason);
    }

    private void ok() {
        if (connection.options().verbose()) {
            connection.output().write(ProtocolWriter.OK);
        }
    }
}

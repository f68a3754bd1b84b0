package jetstream.server.conf.option;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import jetstream.server.conf.AccountConfig;
import jetstream.server.conf.AccountJetStreamConfig;
import jetstream.server.conf.AccountLimits;
import jetstream.server.conf.AuthConfig;
import jetstream.server.conf.DoorsConfig;
import jetstream.server.conf.PermissionsConfig;
import jetstream.server.conf.SecurityConfig;
import jetstream.server.conf.ServerConfigBuilder;
import jetstream.server.conf.SingleLogin;
import jetstream.server.conf.UserConfig;
import jetstream.server.conf.syntax.ConfValue;
import jetstream.server.jwt.NKey;

/** Binds the authorization block and the accounts. */
final class SecurityBinder {

    private static final Set<String> CONNECTION_TYPES =
            Set.of("STANDARD", "WEBSOCKET", "LEAFNODE", "LEAFNODE_WS", "MQTT", "MQTT_WS", "IN_PROCESS");
    private static final long TIMEOUT_WARNING_NS = TimeUnit.SECONDS.toNanos(60);

    private final BlockReader top;
    private final Set<String> userNames = new HashSet<>();

    SecurityBinder(final BlockReader top) {
        this.top = top;
    }

    void bind(final ServerConfigBuilder builder) {
        final String noAuthUser = top.text("no_auth_user", "");
        final AuthConfig open = AuthConfig.OPEN;
        builder.auth(top.block("authorization", "authorization")
                .map(block -> auth(block, noAuthUser))
                .orElseGet(() -> new AuthConfig(
                        open.login(), open.users(), open.timeoutNs(), noAuthUser, open.defaultPermissions())));
        builder.accounts(accounts());
        new TrustBinder(top).bind(builder);
        builder.doors(new DoorsConfig(TlsBinder.read(top, "tls"), top.flag("allow_non_tls", false),
                WebSocketBinder.read(top)));
    }

    private AuthConfig auth(final BlockReader block, final String noAuthUser) {
        final SingleLogin login =
                new SingleLogin(block.text("user", ""), block.text("password", ""), block.text("token", ""));
        if (!login.user().isEmpty() && !login.token().isEmpty()) {
            block.error("token", "a token can not be combined with a user and password");
        }
        final boolean hasUsers = block.has("users");
        if (hasUsers && !login.user().isEmpty()) {
            block.error("users", "a user table can not be combined with a single user and password");
        }
        if (hasUsers && !login.token().isEmpty()) {
            block.error("users", "a user table can not be combined with a token");
        }
        final long timeoutNs = block.secondsNs("timeout", AuthConfig.OPEN.timeoutNs());
        if (timeoutNs > TIMEOUT_WARNING_NS) {
            block.problems().warning(
                    block.field("timeout").orElseThrow().origin(),
                    "timeout of authorization is longer than 60 s; unauthenticated connections may pile up");
        }
        return new AuthConfig(
                login,
                users(block),
                timeoutNs,
                noAuthUser,
                PermissionsBinder.read(block, "default_permissions"));
    }

    private List<UserConfig> users(final BlockReader owner) {
        final List<UserConfig> all = new ArrayList<>();
        for (final BlockReader entry : owner.blocks("users", "user")) {
            user(owner, entry).ifPresent(all::add);
        }
        return all;
    }

    private Optional<UserConfig> user(final BlockReader owner, final BlockReader entry) {
        final String name = entry.text("user", "");
        final Optional<PermissionsConfig> permissions = PermissionsBinder.read(entry, "permissions");
        final Set<String> types = connectionTypes(entry);
        final String nkey = entry.text("nkey", "");
        if (!nkey.isEmpty()) {
            return nkeyUser(entry, new UserConfig(nkey, "", permissions, types, true));
        }
        if (name.isEmpty()) {
            owner.error("users", "an entry of the user table has no user");
            return Optional.empty();
        }
        if (!userNames.add(name)) {
            entry.error("user", "user \"" + name + "\" is configured twice");
        }
        return Optional.of(new UserConfig(name, entry.text("password", ""), permissions, types, false));
    }

    private Optional<UserConfig> nkeyUser(final BlockReader entry, final UserConfig user) {
        if (!NKey.isKey(NKey.Kind.USER, user.name())) {
            entry.error("nkey", "Not a valid public nkey for a user: \"" + user.name() + "\"");
        }
        if (entry.has("user") || entry.has("password")) {
            entry.error("nkey", "Nkey users do not take usernames or passwords");
        }
        if (!userNames.add(user.name())) {
            entry.error("nkey", "nkey \"" + user.name() + "\" is configured twice");
        }
        return Optional.of(user);
    }

    private static Set<String> connectionTypes(final BlockReader entry) {
        final Set<String> types = new TreeSet<>();
        for (final String text : entry.texts("allowed_connection_types")) {
            final String type = text.toUpperCase(Locale.ROOT);
            if (!CONNECTION_TYPES.contains(type)) {
                entry.error("allowed_connection_types", "unknown connection type \"" + text + "\"");
            }
            types.add(type);
        }
        return types;
    }

    private List<AccountConfig> accounts() {
        final List<AccountConfig> all = new ArrayList<>();
        switch (top.field("accounts").map(ConfValue.Field::value).orElse(null)) {
            case null -> {}
            case ConfValue.Items items -> named(items, all);
            case ConfValue.Block block -> {
                for (final ConfValue.Field field : block.all()) {
                    account(field).ifPresent(all::add);
                }
            }
            default -> top.error("accounts", "accounts must be a map or an array of names");
        }
        return all;
    }

    private void named(final ConfValue.Items items, final List<AccountConfig> all) {
        final Set<String> names = new HashSet<>();
        for (final String name : top.texts("accounts")) {
            if (SecurityConfig.GLOBAL_ACCOUNT.equals(name)) {
                top.problems().error(items.origin(), "\"" + name + "\" is a Reserved Account");
            } else if (!names.add(name)) {
                top.problems().error(items.origin(), "account \"" + name + "\" is configured twice");
            } else {
                all.add(new AccountConfig(name, List.of()));
            }
        }
    }

    private Optional<AccountConfig> account(final ConfValue.Field field) {
        if (SecurityConfig.GLOBAL_ACCOUNT.equals(field.key())) {
            top.problems().error(field.origin(), "\"" + field.key() + "\" is a Reserved Account");
            return Optional.empty();
        }
        if (!(field.value() instanceof final ConfValue.Block block)) {
            if (!field.usedAsVariable()) {
                top.problems().error(
                        field.origin(), "account \"" + field.key() + "\" must be a map, not " + field.value().kind());
            }
            return Optional.empty();
        }
        final BlockReader reader = new BlockReader("account", block, top.problems());
        return Optional.of(new AccountConfig(
                field.key(),
                users(reader),
                limits(reader),
                jetStream(reader),
                PermissionsBinder.read(reader, "default_permissions")));
    }

    private static AccountLimits limits(final BlockReader account) {
        final AccountLimits old = AccountLimits.UNLIMITED;
        return account.block("limits", "account limits")
                .map(block -> new AccountLimits(
                        block.count("max_connections", old.maxConnections()),
                        block.count("max_subscriptions", old.maxSubscriptions()),
                        (int) Math.min(Integer.MAX_VALUE, block.size("max_payload", old.maxPayloadBytes())),
                        block.count("max_leafnodes", old.maxLeafNodes())))
                .orElse(old);
    }

    private AccountJetStreamConfig jetStream(final BlockReader account) {
        return switch (account.field("jetstream").map(ConfValue.Field::value).orElse(null)) {
            case null -> AccountJetStreamConfig.OFF;
            case ConfValue.Flag flag ->
                flag.isSet() ? AccountJetStreamConfig.UNLIMITED : AccountJetStreamConfig.OFF;
            case ConfValue.Text text -> JetStreamBinder.isEnabled(account, "jetstream", text.text())
                    ? AccountJetStreamConfig.UNLIMITED
                    : AccountJetStreamConfig.OFF;
            case ConfValue.Block block -> assets(new BlockReader("account jetstream", block, top.problems()));
            default -> {
                account.error("jetstream", "jetstream of an account must be true, false, enabled, disabled or a map");
                yield AccountJetStreamConfig.OFF;
            }
        };
    }

    private static AccountJetStreamConfig assets(final BlockReader block) {
        final AccountJetStreamConfig.AssetLimits old = AccountJetStreamConfig.AssetLimits.UNLIMITED;
        return new AccountJetStreamConfig(
                block.flag("enabled", true),
                block.storageSize("max_memory", -1),
                block.storageSize("max_store", -1),
                block.count("max_streams", -1),
                block.count("max_consumers", -1),
                new AccountJetStreamConfig.AssetLimits(
                        block.flag("max_bytes_required", old.maxBytesRequired()),
                        block.storageSize("mem_max_stream_bytes", old.memoryMaxStreamBytes()),
                        block.storageSize("disk_max_stream_bytes", old.diskMaxStreamBytes()),
                        block.count("max_ack_pending", old.maxAckPending())));
    }
}

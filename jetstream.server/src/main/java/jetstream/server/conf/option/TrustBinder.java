package jetstream.server.conf.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jetstream.server.conf.AccountConfig;
import jetstream.server.conf.ClaimedLimits;
import jetstream.server.conf.ServerConfigBuilder;
import jetstream.server.conf.TrustConfig;
import jetstream.server.conf.syntax.ConfValue;
import jetstream.server.jwt.Claims;
import jetstream.server.jwt.Jwt;
import jetstream.server.jwt.NKey;

/** Binds the keys of operator mode: operators or trusted keys, the resolver, and the accounts that it knows. */
final class TrustBinder {

    private final BlockReader top;
    private final List<String> keys = new ArrayList<>();
    private final Map<String, String> tokens = new LinkedHashMap<>();
    private final List<AccountConfig> accounts = new ArrayList<>();
    private String systemAccount = "";

    TrustBinder(final BlockReader top) {
        this.top = top;
    }

    /** Nothing happens outside of operator mode. */
    void bind(final ServerConfigBuilder builder) {
        if (!top.has("operator") && !top.has("trusted_keys")) {
            checkAbsent("resolver");
            checkAbsent("resolver_preload");
            return;
        }
        if (top.has("operator") && top.has("trusted_keys")) {
            top.error("trusted_keys", "conflicting options for 'TrustedKeys' and 'TrustedOperators'");
        }
        top.texts("operator").forEach(this::operator);
        for (final String key : top.texts("trusted_keys")) {
            if (NKey.isKey(NKey.Kind.OPERATOR, key)) {
                keys.add(key);
            } else {
                top.error("trusted_keys", "trusted key \"" + key + "\" is no public key of an operator");
            }
        }
        resolver();
        preload();
        checkConflict("accounts");
        checkConflict("no_auth_user");
        builder.trust(Optional.of(new TrustConfig(keys, tokens))).accounts(accounts);
        if (!top.has("system_account") && !systemAccount.isEmpty()) {
            builder.systemAccount(systemAccount);
        }
    }

    private void checkAbsent(final String key) {
        if (top.has(key)) {
            top.error(key, key + " is of use only with operators");
        }
    }

    private void checkConflict(final String key) {
        if (top.has(key)) {
            top.error(key, "operators can not be combined with " + key + " of this configuration");
        }
    }

    private void operator(final String text) {
        try {
            final Jwt jwt = Jwt.parse(text.startsWith("eyJ") ? text : token(Path.of(text)));
            final Optional<NKey> key = NKey.parse(NKey.Kind.OPERATOR, jwt.subject());
            if (!"operator".equals(jwt.type()) || key.isEmpty() || !jwt.issuer().equals(jwt.subject())
                    || !jwt.isSignedBy(key.get())) {
                top.error("operator", "the JWT is not one that an operator made for itself");
                return;
            }
            final Claims nats = jwt.nats();
            if (!nats.flag("strict_signing_key_usage")) {
                keys.add(jwt.subject());
            }
            keys.addAll(nats.texts("signing_keys"));
            systemAccount = nats.text("system_account");
        } catch (final IOException e) {
            top.error("operator", "error parsing operator JWT: " + e.getMessage());
        }
    }

    /** The file may be decorated with lines around the token. */
    private static String token(final Path path) throws IOException {
        for (final String line : Files.readAllLines(path)) {
            if (line.strip().startsWith("eyJ")) {
                return line.strip();
            }
        }
        throw new IOException("there is no JWT in " + path);
    }

    private void resolver() {
        if (!top.has("resolver")) {
            top.error(top.has("operator") ? "operator" : "trusted_keys",
                    "using operators requires an account resolver to be configured: resolver: MEMORY");
        } else if (!(top.field("resolver").map(ConfValue.Field::value)
                .orElseThrow() instanceof final ConfValue.Text text)
                || !text.text().equalsIgnoreCase("MEMORY") && !text.text().equalsIgnoreCase("MEM")) {
            top.error("resolver", "this server has no account resolver but MEMORY yet");
        }
    }

    private void preload() {
        final ConfValue value = top.field("resolver_preload").map(ConfValue.Field::value).orElse(null);
        if (!(value instanceof final ConfValue.Block block)) {
            return;
        }
        for (final ConfValue.Field field : block.all()) {
            if (!(field.value() instanceof final ConfValue.Text text)) {
                top.problems().error(field.origin(), "preload account resolver requires JWTs as values");
                continue;
            }
            try {
                account(field.key(), Jwt.parse(text.text()), text.text());
            } catch (final IOException e) {
                top.problems().error(field.origin(), "account \"" + field.key() + "\": " + e.getMessage());
            }
        }
    }

    private void account(final String key, final Jwt jwt, final String token) throws IOException {
        if (!NKey.isKey(NKey.Kind.ACCOUNT, key) || !jwt.subject().equals(key) || !"account".equals(jwt.type())) {
            throw new IOException("the JWT is not about this account");
        }
        final Optional<NKey> issuer = NKey.parse(NKey.Kind.OPERATOR, jwt.issuer());
        if (issuer.isEmpty() || !keys.contains(jwt.issuer()) || !jwt.isSignedBy(issuer.get())) {
            throw new IOException("no trusted operator has signed the JWT");
        }
        final Claims nats = jwt.nats();
        // Exports do nothing as long as nobody imports.
        for (final String unsupported : List.of("imports", "mappings", "authorization")) {
            final boolean isUsed = !nats.objects(unsupported).isEmpty()
                    || !nats.object(unsupported).texts("auth_users").isEmpty()
                    || unsupported.equals("mappings") && !nats.object(unsupported).names().isEmpty();
            if (isUsed) {
                throw new IOException("this server has no " + unsupported + " of accounts yet");
            }
        }
        final Claims limits = nats.object("limits");
        tokens.put(key, token);
        accounts.add(new AccountConfig(key, List.of(), ClaimedLimits.connections(limits),
                ClaimedLimits.jetStream(limits), ClaimedLimits.permissions(nats.object("default_permissions"))));
    }
}

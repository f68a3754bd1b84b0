package jetstream.server;

import java.util.stream.Stream;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.UserConfig;

/** Finds passwords and tokens that are not bcrypt hashes. */
final class PlaintextSecrets {

    private PlaintextSecrets() {
    }

    /** Whether some client password or token is written in the clear. */
    static boolean areIn(final ServerConfig config) {
        final Stream<String> users = Stream.concat(
                        config.auth().users().stream(),
                        config.accounts().stream().flatMap(account -> account.users().stream()))
                .map(UserConfig::password);
        return Stream.concat(
                        users, Stream.of(config.auth().login().password(), config.auth().login().token()))
                .anyMatch(secret -> !secret.isEmpty() && !secret.matches("\\$2[abxy]\\$\\d\\d\\$.*"));
    }
}

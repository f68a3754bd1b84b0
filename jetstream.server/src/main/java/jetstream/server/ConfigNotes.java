package jetstream.server;

import java.util.stream.Stream;
import jetstream.server.conf.ConfigSource;
import jetstream.server.conf.ServerConfig;
import jetstream.server.conf.UserConfig;
import jetstream.server.launch.LaunchLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a start tells about its configuration: where it came from, and what is unwise in it. */
final class ConfigNotes {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigNotes.class);

    private ConfigNotes() {
    }

    /** Writes the notes to the log. */
    static void log(final ServerConfig config) {
        if (hasPlaintextSecrets(config)) {
            LOG.warn(LaunchLines.PLAINTEXT_PASSWORDS);
        }
        final ConfigSource source = config.operations().source();
        source.file().ifPresent(file -> LOG.info(String.format(LaunchLines.USING_FILE, file, source.digest())));
        if (config.jetStream().enabled() && !config.jetStream().storage().syncAlways()) {
            LOG.warn("sync_interval is set: a power failure can take the messages that were acknowledged last");
        }
    }

    /** Whether some client password or token is written in the clear. */
    private static boolean hasPlaintextSecrets(final ServerConfig config) {
        final Stream<String> users = Stream.concat(
                config.auth().users().stream(),
                config.accounts().stream().flatMap(account -> account.users().stream()))
                .map(UserConfig::password);
        return Stream.concat(
                users, Stream.of(config.auth().login().password(), config.auth().login().token()))
                .anyMatch(secret -> !secret.isEmpty() && !secret.matches("\\$2[abxy]\\$\\d\\d\\$.*"));
    }
}

package jetstream.server;

import java.util.Optional;
import jetstream.server.conf.ServerConfig;

/** What a reload may change while the server runs: today the log settings; everything else must stay as it was. */
final class ReloadCheck {

    private ReloadCheck() {
    }

    /** Names the first part of the settings that differs and can not be changed; empty if there is none. */
    static Optional<String> firstFixedChange(final ServerConfig old, final ServerConfig fresh) {
        return changed("Identity", old.identity(), fresh.identity())
                .or(() -> changed("Client", old.client(), fresh.client()))
                .or(() -> changed("Authorization", old.security(), fresh.security()))
                .or(() -> changed("JetStream", old.jetStream(), fresh.jetStream()))
                .or(() -> changed("Cluster", old.cluster(), fresh.cluster()))
                .or(() -> changed("Monitoring", old.monitor(), fresh.monitor()))
                .or(() -> changed("LogFile", old.log().file(), fresh.log().file()))
                .or(() -> changed("LogSizeLimit", old.log().rotation(), fresh.log().rotation()))
                .or(() -> old.tree().getConfig("jetstream").equals(fresh.tree().getConfig("jetstream"))
                        ? Optional.empty()
                        : Optional.of("config reload not supported for settings of plug-ins"))
                .or(() -> changed("Files", old.operations().files(), fresh.operations().files()));
    }

    private static Optional<String> changed(final String name, final Object old, final Object fresh) {
        return old.equals(fresh)
                ? Optional.empty()
                : Optional.of("config reload not supported for " + name + ": old=" + old + ", new=" + fresh);
    }
}

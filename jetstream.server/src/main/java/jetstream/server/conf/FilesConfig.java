package jetstream.server.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Files written for launchers.
 *
 * @param pidFile      gets the process id
 * @param portsFileDir directory of the ports file
 */
public record FilesConfig(Optional<Path> pidFile, Optional<Path> portsFileDir) {

    /** None. */
    public static final FilesConfig NONE = new FilesConfig(Optional.empty(), Optional.empty());
}

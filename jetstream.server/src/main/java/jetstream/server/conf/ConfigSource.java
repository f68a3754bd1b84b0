package jetstream.server.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where settings came from.
 *
 * @param file   the configuration file; absent if there was none
 * @param digest {@code sha256:<hex>} of the parsed file as varz shows it; empty without a file
 * @param tree   the whole tree laid over every module's {@code reference.conf}
 */
public record ConfigSource(Optional<Path> file, String digest, Config tree) {
}

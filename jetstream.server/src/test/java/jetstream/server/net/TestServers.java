package jetstream.server.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jetstream.server.JetStreamServer;
import jetstream.server.conf.option.ConfigFile;

/** Starts servers from configuration text. */
final class TestServers {
    private TestServers() {
    }

    /** A server on a free port of the loopback address with more settings. */
    static JetStreamServer launch(final String settings) throws IOException {
        final Path file = Files.createTempFile("server", ".conf");
        try {
            Files.writeString(file, "listen: \"127.0.0.1:-1\"\n" + settings);
            return JetStreamServer.launch(ConfigFile.load(file).config());
        } finally {
            Files.delete(file);
        }
    }
}

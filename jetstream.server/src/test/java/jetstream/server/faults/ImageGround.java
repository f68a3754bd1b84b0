package jetstream.server.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jetstream.server.acceptance.Cluster;
import jetstream.server.acceptance.ServerNode;

/** Three processes on loopback, each with its store on an ext4 image of its own. */
final class ImageGround implements Ground {
    private final Cluster cluster;
    private final Map<String, DiskImage> disks = new HashMap<>();

    ImageGround(final Path directory, final long bytes) throws Unavailable, IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new Unavailable("mounting needs root");
        }
        cluster = Cluster.plain(directory, 3);
        try {
            for (final ServerNode node : cluster.nodes()) {
                disks.put(node.name(), DiskImage.make(directory.resolve(node.name() + ".img"), bytes,
                        directory.resolve(node.name())));
            }
        } catch (final IOException e) {
            close();
            throw new Unavailable("no ext4 on a loop device: " + e.getMessage());
        }
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public DiskImage disk(final ServerNode node) {
        return disks.get(node.name());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (final DiskImage disk : disks.values()) {
            disk.unmount();
        }
    }
}

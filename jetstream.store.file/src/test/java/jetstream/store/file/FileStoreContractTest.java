package jetstream.store.file;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import jetstream.testkit.contract.Fault;
import jetstream.testkit.contract.StoreContract;
import org.junit.jupiter.api.io.TempDir;

final class FileStoreContractTest extends StoreContract {
    @TempDir private Path directory;

    @Override
    protected StoreProvider provider() {
        return new FileStoreProvider();
    }

    @Override
    protected StoreContext context() {
        return new StoreContext(directory, "n1", Map.of("segment_length", "131072"), this::report);
    }

    @Override
    protected Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    protected boolean findsDamage() {
        return true;
    }

    @Override
    protected StoreContext contextWithRoom(final long bytes) {
        return new StoreContext(directory, "n1", Map.of("max_bytes", Long.toString(bytes), "segment_length", "65536"),
                this::report);
    }
}

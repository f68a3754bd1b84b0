package jetstream.store.mapdb;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import jetstream.api.store.StoreContext;
import jetstream.api.store.StoreProvider;
import jetstream.testkit.contract.Fault;
import jetstream.testkit.contract.StoreContract;
import org.junit.jupiter.api.io.TempDir;

final class MapDbStoreContractTest extends StoreContract {
    @TempDir private Path directory;

    @Override
    protected StoreProvider provider() {
        return new MapDbStoreProvider();
    }

    @Override
    protected StoreContext context() {
        return new StoreContext(directory, "n1", Map.of("journal_length", "1000000"), this::report);
    }

    @Override
    protected Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    protected StoreContext contextWithRoom(final long bytes) {
        return new StoreContext(directory, "n1", Map.of("max_bytes", Long.toString(bytes)), this::report);
    }
}

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

final class CompressedStoreContractTest extends StoreContract {
    @TempDir private Path directory;

    @Override
    protected StoreProvider provider() {
        return new FileStoreProvider();
    }

    @Override
    protected StoreContext context() {
        return new StoreContext(directory, "n1",
                Map.of("segment_length", "131072", "compression", "s2"),
                this::report);
    }

    @Override
    protected Set<Fault> faults() {
        return EnumSet.of(Fault.TORN_WRITE, Fault.LOST_UNFORCED, Fault.BIT_FLIP);
    }
}

package jetstream.testkit.contract;

/**
 * The contract of {@code jetstream.api.store}, as tests. A plug-in's own test extends this class and says what to open:
 *
 * <pre>{@code
 * final class FileStoreContractTest extends StoreContract {
 *     @TempDir Path directory;
 *     @Override protected StoreProvider provider() { return new FileStoreProvider(); }
 *     @Override protected StoreContext context() { return new StoreContext(directory, "n1", Map.of(), this::report); }
 *     @Override protected Set<Fault> faults() { return EnumSet.of(TORN_WRITE, BIT_FLIP, LOST_UNFORCED); }
 * }
 * }</pre>
 *
 * Tests about surviving a restart run unless {@link #isDurable} says no; tests about faults run for {@link #faults}.
 */
public abstract class StoreContract extends StoreDurabilityContract {
    /** For the plug-in's test. */
    protected StoreContract() {
    }
}

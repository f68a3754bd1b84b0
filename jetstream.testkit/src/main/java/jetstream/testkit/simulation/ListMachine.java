package jetstream.testkit.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import jetstream.api.NodeId;
import jetstream.api.consensus.Applier;
import jetstream.api.consensus.Condition;
import jetstream.api.consensus.ConsensusGroup;
import jetstream.api.consensus.Role;
import jetstream.api.entry.EntryBatch;
import jetstream.api.entry.EntryType;
import jetstream.api.entry.EntryView;
import jetstream.api.store.Checkpoint;
import jetstream.api.store.CheckpointWriter;
import jetstream.api.store.StoreException;

/**
 * A small state machine: a list of numbers, of which the last {@link #LIVE_MAX} keep their records in the log and
 * all others are freed. Reports everything to a {@link ClusterHistory}.
 */
public final class ListMachine implements Applier {
    /** Number of values whose records stay live. */
    public static final int LIVE_MAX = 40;
    private static final int PADDING = 24;

    private final SimulatedNode node;
    private final ClusterHistory history;
    private final LinkedHashMap<Long, Long> indexByValue = new LinkedHashMap<>();
    private final Map<Long, Long> waiting = new HashMap<>();
    private final EntryBatch batch = new EntryBatch(1 << 10);
    private final EntryView view = new EntryView();
    private ConsensusGroup group;
    private long appliedIndex;
    private long hash = 17;
    private boolean leads;
    private boolean isCorrupt;

    /** The machine of one life of a node. */
    public ListMachine(final SimulatedNode node, final ClusterHistory history) {
        this.node = node;
        this.history = history;
    }

    /** Tells the machine its group. */
    public void opened(final ConsensusGroup newGroup) {
        group = newGroup;
    }

    /** Its group. */
    public ConsensusGroup group() {
        return group;
    }

    /** Values by index, as applied. */
    public Map<Long, Long> values() {
        return indexByValue;
    }

    /** Applied through this index. */
    public long appliedIndex() {
        return appliedIndex;
    }

    /** Whether it was told that it leads. */
    public boolean leads() {
        return leads && group.isLeader();
    }

    /** Proposes that many values from that one on; acknowledged when they are applied here while leading. */
    public void propose(final long firstValue, final int count) {
        batch.clear();
        for (int i = 0; i < count; i++) {
            final int body = batch.begin(EntryType.APPLICATION, (byte) 0, node.nowNs(), Long.BYTES + PADDING);
            batch.buffer().putLong(body, firstValue + i);
            batch.end(Long.BYTES + PADDING);
            history.onProposed(firstValue + i);
        }
        final long index = group.propose(batch);
        for (int i = 0; index > 0 && i < count; i++) {
            waiting.put(index + i, firstValue + i);
        }
    }

    @Override
    public void apply(final EntryView entry) {
        final long index = entry.index();
        final long value = entry.buffer().getLong(entry.bodyOffset());
        if (index <= appliedIndex) {
            throw new IllegalStateException("index " + index + " applied after " + appliedIndex);
        }
        appliedIndex = index;
        history.onApplied(node.id(), index, entry.term(), value);
        indexByValue.put(value, index);
        hash = hash * 31 + value * 7 + index;
        if (!isCorrupt) {
            history.onState(node.id(), index, hash);
        }
        freeOld();
        final Long mine = waiting.remove(index);
        if (mine != null && mine == value && leads()) {
            history.onAcknowledged(value, index);
        }
    }

    @Override
    public void restore(final Checkpoint checkpoint) {
        final ByteBuffer image = checkpoint.image();
        indexByValue.clear();
        hash = image.getLong(0);
        final int count = image.getInt(8);
        for (int i = 0; i < count; i++) {
            indexByValue.put(image.getLong(12 + 16 * i), image.getLong(20 + 16 * i));
        }
        // A leader whose state was flipped may send an image before that is found: the receiver's state is wrong, too.
        isCorrupt = image.get(12 + 16 * count) != 0;
        if (isCorrupt) {
            history.onCorruptImage(node.id());
        }
        appliedIndex = checkpoint.index();
    }

    @Override
    public void writeCheckpoint(final CheckpointWriter out) {
        final ByteBuffer image = ByteBuffer.allocate(13 + 16 * indexByValue.size()).order(ByteOrder.LITTLE_ENDIAN);
        image.putLong(hash).putInt(indexByValue.size());
        indexByValue.forEach((value, index) -> image.putLong(value).putLong(index));
        image.put((byte) (isCorrupt ? 1 : 0));
        out.write(image.flip());
    }

    @Override
    public long stateHash() {
        return hash;
    }

    @Override
    public void onCondition(final Condition newCondition, final String reason) {
        history.onCondition(node.id(), newCondition, reason);
    }

    /** Whether {@link #corrupt} was called and no image has replaced the state since. */
    public boolean isCorrupt() {
        return isCorrupt;
    }

    /** A bit of the state flips in memory: from now on this member is another than the others. */
    public void corrupt() {
        hash ^= 1L << 17;
        isCorrupt = true;
    }

    @Override
    public void onRole(final Role role, final long term, final NodeId leader) {
        leads = role == Role.LEADER;
        if (leads) {
            history.onLeader(node.id(), term);
        }
    }

    @Override
    public void onProposalsLost() {
        leads = false;
        waiting.clear();
    }

    /** Returns the value whose live record is missing or wrong in the log; null if all are there. */
    public Long missingRecord() {
        int skipped = indexByValue.size() - LIVE_MAX;
        for (final Map.Entry<Long, Long> entry : indexByValue.entrySet()) {
            if (skipped-- > 0) {
                continue;
            }
            if (!isThere(entry.getKey(), entry.getValue())) {
                return entry.getKey();
            }
        }
        return null;
    }

    private boolean isThere(final long value, final long index) {
        try {
            return group.log().record(index, view) && view.buffer().getLong(view.bodyOffset()) == value;
        } catch (final StoreException.Corrupt e) {
            return false;
        }
    }

    /** Reads the record at that index, as somebody would who wants it; tells the group if it is damaged. */
    public void read(final long index) {
        try {
            group.log().record(index, view);
        } catch (final StoreException.Corrupt e) {
            group.damaged(index);
        }
    }

    private void freeOld() {
        final int excess = indexByValue.size() - LIVE_MAX;
        if (excess > 0 && group != null && excess % 16 == 0) {
            long through = 0;
            int left = excess;
            for (final long index : indexByValue.values()) {
                if (left-- == 0) {
                    break;
                }
                through = index;
            }
            group.log().free(1, through);
        }
    }
}

package jetstream.raft.driver;

import java.util.Arrays;
import jetstream.api.Invariant;

/** Groups with a timer, the earliest first. Groups without one (attached followers, settled leaders) are not in it. */
final class DeadlineHeap {
    private static final int NOWHERE = -1;

    private RaftGroup[] heap = new RaftGroup[16];
    private int size;

    /** The group whose timer ends first, or null. */
    RaftGroup first() {
        return size == 0 ? null : heap[0];
    }

    /** Sets, moves or removes ({@link Long#MAX_VALUE}) the timer of a group. */
    void schedule(final RaftGroup group, final long deadlineNs) {
        if (deadlineNs == Long.MAX_VALUE) {
            remove(group);
            return;
        }
        if (group.heapSlot == NOWHERE) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            heap[size] = group;
            group.heapSlot = size++;
            group.deadlineNs = deadlineNs;
            siftUp(group.heapSlot);
        } else if (group.deadlineNs != deadlineNs) {
            group.deadlineNs = deadlineNs;
            siftUp(group.heapSlot);
            siftDown(group.heapSlot);
        }
    }

    void remove(final RaftGroup group) {
        final int slot = group.heapSlot;
        if (slot == NOWHERE) {
            return;
        }
        Invariant.check(heap[slot] == group, "timer of another group", slot);
        final RaftGroup last = heap[--size];
        heap[size] = null;
        group.heapSlot = NOWHERE;
        if (last != group) {
            heap[slot] = last;
            last.heapSlot = slot;
            siftUp(slot);
            siftDown(last.heapSlot);
        }
    }

    private void siftUp(final int from) {
        int slot = from;
        while (slot > 0 && isEarlier(heap[slot], heap[slot - 1 >>> 1])) {
            swap(slot, slot - 1 >>> 1);
            slot = slot - 1 >>> 1;
        }
    }

    private void siftDown(final int from) {
        int slot = from;
        while (2 * slot + 1 < size) {
            int child = 2 * slot + 1;
            if (child + 1 < size && isEarlier(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isEarlier(heap[child], heap[slot])) {
                return;
            }
            swap(slot, child);
            slot = child;
        }
    }

    private static boolean isEarlier(final RaftGroup left, final RaftGroup right) {
        return left.deadlineNs - right.deadlineNs < 0;
    }

    private void swap(final int left, final int right) {
        final RaftGroup group = heap[left];
        heap[left] = heap[right];
        heap[right] = group;
        heap[left].heapSlot = left;
        heap[right].heapSlot = right;
    }
}

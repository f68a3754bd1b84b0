package jetstream.simulator.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import jetstream.simulator.world.SimulatedDisk.Content;

/** Damages what a disk holds for certain: the disk of a minority, by the budget of FAULTS section 2. */
public final class DiskDamage {
    /** What can happen to bytes at rest. */
    public enum Kind {
        /** One bit anywhere. */
        BIT_FLIP,
        /** A sector reads as zeros. */
        ZEROED_SECTOR,
        /** A sector has the content it had before its last write: the device lost that write. */
        STALE_SECTOR,
        /** A sector was written to another's place. */
        MISDIRECTED_SECTOR,
        /** The second half of a sector was not written. */
        TORN_SECTOR,
        /** A file is gone. */
        LOST_FILE,
        /** A file ends early: its rest reads as zeros. */
        CUT_FILE
    }

    private final SimulatedDisk disk;
    private final SplittableRandom random;

    /** Damage to that disk. */
    public DiskDamage(final SimulatedDisk disk, final SplittableRandom random) {
        this.disk = disk;
        this.random = random;
    }

    /** Inflicts some damage of that kind; says where, or null if there is nothing to damage. */
    public String inflict(final Kind kind) {
        final List<Map.Entry<String, Content>> files = new ArrayList<>(disk.contents().entrySet());
        files.removeIf(file -> used(file.getValue()) == 0);
        if (files.isEmpty()) {
            return null;
        }
        // The end of the log is where most is at stake; half of the damage goes there.
        final Map.Entry<String, Content> file =
                random.nextBoolean() ? files.getLast() : files.get(random.nextInt(files.size()));
        final Content content = file.getValue();
        final int sectors = (used(content) + SimulatedDisk.SECTOR - 1) / SimulatedDisk.SECTOR;
        final int sector = random.nextInt(3) == 0 ? sectors - 1 : random.nextInt(sectors);
        if (kind == Kind.LOST_FILE) {
            disk.contents().remove(file.getKey());
            disk.forcedContents().remove(file.getKey());
        } else {
            hurt(kind, content, sector, random.nextInt(sectors));
        }
        return kind + " of " + file.getKey() + " sector " + sector + " of " + sectors;
    }

    private void hurt(final Kind kind, final Content content, final int sector, final int other) {
        final int from = sector * SimulatedDisk.SECTOR;
        final int length = Math.min(SimulatedDisk.SECTOR, content.bytes.length - from);
        final byte[] bytes = content.bytes;
        switch (kind) {
            case BIT_FLIP -> bytes[from + random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
            case ZEROED_SECTOR -> Arrays.fill(bytes, from, from + length, (byte) 0);
            case TORN_SECTOR -> Arrays.fill(bytes, from + length / 2, from + length, (byte) 0);
            case STALE_SECTOR -> {
                if (content.rewritten.get(sector)) {
                    System.arraycopy(content.older, from, bytes, from, length);
                }
            }
            case MISDIRECTED_SECTOR -> System.arraycopy(bytes, other * SimulatedDisk.SECTOR, bytes, from,
                    Math.min(length, bytes.length - other * SimulatedDisk.SECTOR));
            case CUT_FILE -> Arrays.fill(bytes, from, bytes.length, (byte) 0);
            case LOST_FILE -> throw new IllegalArgumentException("a file is lost as a whole");
        }
        System.arraycopy(bytes, 0, content.forced, 0, Math.min(bytes.length, content.forced.length));
    }

    /** Bytes up to the last one that is not zero. */
    private static int used(final Content content) {
        int end = content.bytes.length;
        while (end > 0 && content.bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }
}

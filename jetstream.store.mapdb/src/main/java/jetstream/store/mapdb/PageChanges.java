package jetstream.store.mapdb;

import java.util.Map;

/**
 * What one ticket changed: new images of pages, and how many pages there are after it. Immutable; the images are not
 * written to any more.
 *
 * @param ticket its number
 * @param pageCount pages of the volume after it; pages that came and have no image are zeros
 * @param images new contents by page number
 */
record PageChanges(long ticket, int pageCount, Map<Integer, byte[]> images) {
}

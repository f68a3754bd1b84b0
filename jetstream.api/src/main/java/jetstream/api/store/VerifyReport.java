package jetstream.api.store;

import java.util.List;

/**
 * What a verification found.
 *
 * @param entriesRead entries whose checksums were compared
 * @param damages one sentence for each damage; empty if all is well
 */
public record VerifyReport(long entriesRead, List<String> damages) {
}

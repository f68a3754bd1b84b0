package jetstream.api.config;

/**
 * Renames subjects.
 *
 * @param src pattern
 * @param dest target, with mapping functions
 */
public record SubjectTransform(String src, String dest) {
}

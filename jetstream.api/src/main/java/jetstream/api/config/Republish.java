package jetstream.api.config;

/**
 * Publishes stored messages again.
 *
 * @param src pattern; empty for all
 * @param dest target
 * @param headersOnly without payload
 */
public record Republish(String src, String dest, boolean headersOnly) {
}

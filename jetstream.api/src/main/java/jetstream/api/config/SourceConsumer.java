package jetstream.api.config;

/**
 * A durable made by the user for copying.
 *
 * @param name its name
 * @param deliverSubject where it delivers
 */
public record SourceConsumer(String name, String deliverSubject) {
}

package jetstream.api.config;

/**
 * How to reach another account or domain.
 *
 * @param api API prefix
 * @param deliver delivery prefix
 */
public record ExternalStream(String api, String deliver) {
}

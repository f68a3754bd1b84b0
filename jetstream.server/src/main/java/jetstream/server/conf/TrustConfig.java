package jetstream.server.conf;

import java.util.List;
import java.util.Map;

/**
 * Operator mode: whom JWTs of accounts come from, and the accounts that the server knows. Their limits stand in their
 * {@link AccountConfig}, too.
 *
 * @param operators public keys that may sign accounts
 * @param accounts  checked JWT by public key of the account
 */
public record TrustConfig(List<String> operators, Map<String, String> accounts) {

    /** Copies the collections. */
    public TrustConfig {
        operators = List.copyOf(operators);
        accounts = Map.copyOf(accounts);
    }
}

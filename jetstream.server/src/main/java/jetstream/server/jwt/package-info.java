/** Keys and signed claims of NATS: Ed25519 public keys in base32, and the JWTs that they sign. */
package jetstream.server.jwt;

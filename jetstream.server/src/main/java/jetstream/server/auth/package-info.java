/** Who may connect and what they may do. */
package jetstream.server.auth;

/** TLS with what the JDK has: keys and certificates from PEM files, engines for connections, names in certificates. */
package jetstream.server.tls;

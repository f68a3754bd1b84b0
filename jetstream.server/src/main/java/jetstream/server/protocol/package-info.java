/** The client protocol, pure: bytes in, calls out. Knows no sockets, threads or accounts. */
package jetstream.server.protocol;

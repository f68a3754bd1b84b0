/** The node thread, its sockets and the client connections. */
package jetstream.server.net;

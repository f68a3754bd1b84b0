/** The log of a server process: Logback set up in code, lines as the reference writes them. */
package jetstream.server.log;

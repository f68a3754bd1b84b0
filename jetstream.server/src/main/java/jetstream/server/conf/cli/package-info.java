/** The command line of the server process: flags as the reference has them, their help, and {@code --signal}. */
package jetstream.server.conf.cli;

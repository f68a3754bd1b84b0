/**
 * Configuration: the records that every part of the server reads, and the front end that makes them from a
 * NATS configuration file, the command line and the {@code reference.conf} of each module.
 *
 * <p>Everything after this package sees immutable records only; no other package reads files, the environment
 * or system properties.
 */
package jetstream.server.conf;

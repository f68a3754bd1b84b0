/**
 * The grammar of NATS configuration files: text in, a tree of values with their places out. Knows no option.
 */
package jetstream.server.conf.syntax;

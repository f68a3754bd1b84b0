/**
 * What the keys of a configuration mean: the table of all options, the checks of types and combinations, and the way
 * from a parsed file to {@link jetstream.server.conf.ServerConfig}.
 */
package jetstream.server.conf.option;

/**
 * What a start of the server tells: who it is, the lines that launchers wait for, and why it did not come up. Knows the
 * configuration only, so that every other package may use it.
 */
package jetstream.server.launch;

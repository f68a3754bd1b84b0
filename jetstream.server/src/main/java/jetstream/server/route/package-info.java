/** Accounts, interest and the way of a core message to its subscribers, here and on other servers. Node thread only. */
package jetstream.server.route;

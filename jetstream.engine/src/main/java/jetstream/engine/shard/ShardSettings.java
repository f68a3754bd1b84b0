package jetstream.engine.shard;

import jetstream.api.NodeId;

/**
 * What a shard is set up with.
 *
 * @param node this node
 * @param domain JetStream domain; empty if none
 * @param seed of everything random in the engines
 * @param maxPayloadBytes largest message of the server
 */
public record ShardSettings(NodeId node, String domain, long seed, int maxPayloadBytes) {
}

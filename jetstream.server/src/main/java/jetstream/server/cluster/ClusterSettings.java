package jetstream.server.cluster;

import java.util.List;
import java.util.Map;
import jetstream.api.transport.TransportContext;
import jetstream.server.conf.ServerConfig;

/**
 * What a cluster node is made of besides the configuration.
 *
 * @param config settings of this server
 * @param serverName its name
 * @param clusterName cluster name, configured or generated
 * @param bootId random number of this process
 * @param attributes what peers are told about this server
 * @param tags server tags
 * @param channels puts the transport's channels into the node thread's selector
 * @param wakeup wakes the node thread; any thread
 */
public record ClusterSettings(ServerConfig config, String serverName, String clusterName, long bootId,
        Map<String, String> attributes, List<String> tags, TransportContext.ChannelRegistrar channels,
        Runnable wakeup) {
}

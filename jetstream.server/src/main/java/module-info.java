/** NATS protocol, accounts, routing, cluster wiring, monitoring, configuration, main and the embedding API. */
module jetstream.server {
    exports jetstream.server;
    exports jetstream.server.auth;
    exports jetstream.server.conf;
    exports jetstream.server.jwt;
    exports jetstream.server.launch;
    exports jetstream.server.net;
    exports jetstream.server.protocol;
    exports jetstream.server.route;
    exports jetstream.server.tls;
    exports jetstream.server.conf.option;

    requires transitive jetstream.api;
    requires jetstream.engine;
    requires io.netty.buffer;
    requires io.netty.common;
    requires transitive io.netty.transport;
    requires io.netty.codec;
    requires io.netty.handler;
    requires io.netty.codec.http;
    requires com.fasterxml.jackson.core;
    requires transitive typesafe.config;
    requires org.slf4j;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    // ProcessSignals reaches it by reflection.
    requires jdk.unsupported;
    requires jdk.management;
    requires bcrypt;

    uses jetstream.api.consensus.ConsensusProvider;
    uses jetstream.api.store.StoreProvider;
    uses jetstream.api.transport.TransportProvider;

    provides ch.qos.logback.classic.spi.Configurator with
            jetstream.server.log.LogbackSetup;
}

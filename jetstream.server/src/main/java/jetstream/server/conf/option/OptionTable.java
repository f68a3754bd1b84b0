package jetstream.server.conf.option;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rows of {@link OptionRegistry}: key and aliases, kind, default, status, sentence. The status is R for reloadable,
 * F for fixed, X for refused; the sentence of a refused key says what is missing.
 * Keys, aliases and defaults are the reference's.
 */
final class OptionTable {

    static final Map<String, String> BLOCKS = new LinkedHashMap<>();

    private static final String CONNECTIONS = """
            listen                            | ADDRESS  | 0.0.0.0:4222 | F | Host and port for clients.
            host net                          | TEXT     | 0.0.0.0      | F | Host for clients.
            port                              | COUNT    | 4222         | F | Port for clients; -1 takes a free one.
            server_name                       | TEXT     |              | F | Name of the server; the id if absent.
            client_advertise                  | TEXT     |              | F | host[:port] that clients are told.
            max_connections max_conn          | COUNT    | 65536        | F | Client connections; 0 lets none in.
            max_subscriptions max_subs        | COUNT    | 0            | F | Subscriptions of one connection.
            max_subscription_tokens max_sub_tokens | COUNT | 0          | F | Tokens of a subscription, 1 to 255.
            max_control_line                  | SIZE     | 4096         | F | Longest protocol line.
            max_payload                       | SIZE     | 1048576      | F | Largest message.
            max_pending                       | SIZE     | 67108864     | F | Bytes that may wait for one connection.
            max_closed_clients                | COUNT    | 10000        | F | Closed connections remembered for connz.
            ping_interval                     | DURATION | 2m           | F | Time between two PINGs to a silent client.
            ping_max                          | COUNT    | 2            | F | PINGs that may stay unanswered.
            write_deadline                    | DURATION | 10s          | F | Time that one write may take.
            write_timeout                     | TEXT     | default      | F | A late write: default, close, retry.
            lame_duck_duration                | DURATION | 2m           | F | Time in which clients are sent away.
            lame_duck_grace_period            | DURATION | 10s          | F | Time before the first is sent away.
            no_fast_producer_stall            | FLAG     | false        | F | Do not hold up fast producers.
            disable_sublist_cache no_sublist_cache | FLAG | false       | F | Our interest lookups have no such cache.
            no_header_support                 | FLAG     | false        | F | Refuse messages with headers.
            server_tags                       | TEXTS    |              | F | Tags for placement and monitoring.
            server_metadata                   | BLOCK    |              | F | Names and values shown in monitoring.
            allow_non_tls                     | FLAG     | false        | F | Clients may do without TLS.
            tls                               | BLOCK    |              | F | TLS of the client port.
            ocsp                              | OTHER    |              | X | OCSP
            ocsp_cache                        | OTHER    |              | X | OCSP
            proxy_protocol                    | FLAG     | false        | X | the PROXY protocol
            proxies                           | BLOCK    |              | X | trusted proxies
            """;

    private static final String OPERATIONS = """
            debug                             | FLAG     | false        | R | Log DBG lines.
            trace                             | FLAG     | false        | R | Log TRC lines of the protocol.
            trace_verbose                     | FLAG     | false        | R | Trace also the system account.
            trace_headers                     | FLAG     | false        | R | Trace headers only, no payload.
            logtime                           | FLAG     | true         | R | Log lines carry the time.
            logtime_utc                       | FLAG     | false        | R | The time is UTC.
            log_file logfile                  | TEXT     |              | F | Log file instead of stderr.
            log_size_limit logfile_size_limit | SIZE     | 0            | F | Size at which the log file is rotated.
            log_max_num logfile_max_num       | COUNT    | 0            | F | Log files kept, the current one included.
            max_traced_msg_len                | COUNT    | 0            | R | Payload bytes shown in a trace.
            pid_file pidfile                  | TEXT     |              | F | File that gets the process id.
            ports_file_dir                    | TEXT     |              | F | Directory of the ports file.
            http                              | ADDRESS  |              | F | Host and port of monitoring.
            http_port monitor_port            | COUNT    | 0            | F | Port of monitoring; -1 takes a free one.
            http_base_path                    | TEXT     | /            | F | Path before every monitoring page.
            https                             | ADDRESS  |              | X | TLS for monitoring
            https_port                        | COUNT    | 0            | X | TLS for monitoring
            syslog                            | FLAG     | false        | X | syslog
            remote_syslog                     | TEXT     |              | X | syslog
            prof_port                         | COUNT    | 0            | X | profiling port
            prof_block_rate                   | COUNT    | 0            | X | profiling port
            connect_error_reports             | COUNT    |              | X | log rates of failed connects
            reconnect_error_reports           | COUNT    |              | X | log rates of failed connects
            feature_flags                     | BLOCK    |              | X | feature flags
            """;

    private static final String PARTS = """
            authorization                     | BLOCK    |              | F | Users of the global account.
            accounts                          | OTHER    |              | F | Accounts with their users.
            no_auth_user                      | TEXT     |              | F | User of clients without credentials.
            system_account system             | TEXT     | $SYS         | F | Name of the system account.
            cluster                           | BLOCK    |              | F | Cluster listener and routes.
            jetstream                         | OTHER    |              | F | JetStream.
            store_dir storedir                | TEXT     |              | F | JetStream directory.
            no_system_account no_system no_sys_acc | FLAG | false       | X | way to run without a system account
            mappings maps                     | BLOCK    |              | X | subject mappings
            default_sentinel                  | TEXT     |              | X | operator mode
            operator operators root roots root_operator root_operators | TEXTS | | F | Operators, as JWTs or files.
            trusted_keys trusted              | TEXTS    |              | F | Public keys of operators.
            resolver account_resolver accounts_resolver | OTHER |      | F | Where JWTs of accounts are: MEMORY.
            resolver_tls                      | BLOCK    |              | X | operator mode
            resolver_preload                  | BLOCK    |              | F | JWTs of accounts by their keys.
            resolver_pinned_accounts          | TEXTS    |              | X | operator mode
            gateway                           | BLOCK    |              | X | gateways
            leafnodes leaf                    | BLOCK    |              | X | leaf nodes
            websocket ws                      | BLOCK    |              | F | WebSocket listener.
            mqtt                              | BLOCK    |              | X | MQTT
            default_js_domain                 | BLOCK    |              | X | default JetStream domains of accounts
            """;

    static {
        BLOCKS.put("", CONNECTIONS + OPERATIONS + PARTS);
        BLOCKS.put("authorization", """
            user username                     | TEXT     |              | F | The one user.
            password pass                     | TEXT     |              | F | The one user's password, plain or bcrypt.
            token                             | TEXT     |              | F | The one token, plain or bcrypt.
            timeout                           | SECONDS  | 2            | F | A client must log in within this time.
            users                             | OTHER    |              | F | User table.
            default_permissions default_permission permissions | BLOCK | | F | For users without their own.
            auth_callout auth_hook            | BLOCK    |              | X | auth callout
            proxy_required                    | FLAG     | false        | X | trusted proxies
            """);
        BLOCKS.put("tls", """
            cert_file                         | TEXT     |              | F | Certificate chain of the server, PEM.
            key_file                          | TEXT     |              | F | Its private key, PEM.
            ca_file                           | TEXT     |              | F | Authorities of clients, PEM.
            verify                            | FLAG     | false        | F | Clients must show a certificate.
            verify_and_map                    | FLAG     | false        | F | The certificate names the user, too.
            pinned_certs                      | TEXTS    |              | F | SHA-256 of the accepted public keys.
            timeout                           | SECONDS  | 2            | F | A handshake must end within this time.
            handshake_first first immediate   | OTHER    | false        | F | The handshake comes before INFO.
            min_version                       | TEXT     | 1.2          | F | Oldest version: 1.2 or 1.3.
            cipher_suites                     | TEXTS    |              | F | The only cipher suites.
            certs certificates                | OTHER    |              | X | choice of certificates by host name
            verify_cert_and_check_known_urls  | FLAG     | false        | X | TLS between servers
            insecure                          | FLAG     | false        | X | TLS between servers
            allow_insecure_cipher_suites      | FLAG     | false        | X | insecure cipher suites
            curve_preferences                 | TEXTS    |              | X | choice of curves
            connection_rate_limit             | COUNT    | 0            | X | limit of handshakes per second
            ocsp_peer                         | OTHER    |              | X | OCSP
            cert_store                        | TEXT     |              | X | Windows certificate store
            cert_match_by                     | TEXT     |              | X | Windows certificate store
            cert_match                        | TEXT     |              | X | Windows certificate store
            ca_certs_match                    | TEXTS    |              | X | Windows certificate store
            cert_match_skip_invalid           | FLAG     | false        | X | Windows certificate store
            """);
        BLOCKS.put("websocket", """
            listen                            | ADDRESS  |              | F | Host and port for WebSocket.
            host net                          | TEXT     | 0.0.0.0      | F | Host for WebSocket.
            port                              | COUNT    | 0            | F | Port for WebSocket; -1 takes a free one.
            advertise                         | TEXT     |              | F | host[:port] that clients are told.
            no_tls                            | FLAG     | false        | F | Do without TLS.
            tls                               | BLOCK    |              | F | TLS of this listener.
            same_origin                       | FLAG     | false        | F | Only pages of this address may connect.
            allowed_origins allowed_origin allow_origins allow_origin origins origin | TEXTS | | F | Only their pages.
            handshake_timeout                 | DURATION | 2s           | F | Time for the request to upgrade.
            authorization authentication      | BLOCK    |              | F | Login of this listener.
            no_auth_user                      | TEXT     |              | F | User of its clients without credentials.
            jwt_cookie                        | TEXT     |              | F | Cookie that holds a user JWT.
            user_cookie                       | TEXT     |              | F | Cookie that holds a user name.
            pass_cookie                       | TEXT     |              | F | Cookie that holds a password.
            token_cookie                      | TEXT     |              | F | Cookie that holds a token.
            headers                           | BLOCK    |              | F | Headers of the answer to an upgrade.
            ping_interval                     | DURATION |              | F | Time between two PINGs to a silent client.
            compression compress              | FLAG     | false        | F | Compress messages if the client can.
            """);
        BLOCKS.put("websocket authorization", """
            user username                     | TEXT     |              | F | The one user.
            password pass                     | TEXT     |              | F | The one user's password, plain or bcrypt.
            token                             | TEXT     |              | F | The one token, plain or bcrypt.
            timeout                           | SECONDS  | 2            | F | A client must log in within this time.
            """);
        BLOCKS.put("user", """
            user username                     | TEXT     |              | F | Name, unique over all accounts.
            password pass                     | TEXT     |              | F | Password, plain or bcrypt.
            permissions permission authorization | BLOCK |              | F | What the user may do.
            allowed_connection_types connection_types clients | TEXTS | | F | Kinds of connection the user may use.
            nkey                              | TEXT     |              | F | Public key of a user who signs.
            proxy_required                    | FLAG     | false        | X | trusted proxies
            """);
        BLOCKS.put("permissions", """
            publish pub import                | OTHER    |              | F | Subjects that may be published to.
            subscribe sub export              | OTHER    |              | F | Subjects that may be subscribed to.
            allow_responses publish_allow_responses | OTHER | false     | F | Replies may be published.
            """);
        BLOCKS.put("subjects", """
            allow                             | TEXTS    |              | F | Allowed subjects.
            deny                              | TEXTS    |              | F | Denied subjects.
            """);
        BLOCKS.put("allow_responses", """
            max max_msgs max_messages max_responses | COUNT | 1         | F | Replies per request.
            expires expiration ttl            | DURATION | 2m           | F | Time for them.
            """);
        BLOCKS.put("account", """
            users                             | OTHER    |              | F | Users of the account.
            default_permissions               | BLOCK    |              | F | For users without their own.
            limits                            | BLOCK    |              | F | Limits of its connections.
            jetstream                         | OTHER    |              | F | JetStream of the account.
            nkey                              | TEXT     |              | X | account nkeys
            exports                           | OTHER    |              | X | exports
            imports                           | OTHER    |              | X | imports
            mappings maps                     | BLOCK    |              | X | subject mappings
            msg_trace trace_dest              | OTHER    |              | X | message traces
            """);
        BLOCKS.put("account limits", """
            max_connections max_conn          | COUNT    | -1           | F | Client connections.
            max_subscriptions max_subs        | COUNT    | -1           | F | Subscriptions of one connection.
            max_payload max_pay               | SIZE     | -1           | F | Largest message.
            max_leafnodes max_leafs           | COUNT    | -1           | F | Leaf connections.
            """);
        BLOCKS.put("account jetstream", """
            enabled enable                    | FLAG     | true         | F | The account has JetStream.
            max_memory max_mem mem memory     | SIZE     | -1           | F | Bytes of all memory streams.
            max_store max_file max_disk store disk | SIZE | -1          | F | Bytes of all file streams.
            max_streams streams               | COUNT    | -1           | F | Number of streams.
            max_consumers consumers           | COUNT    | -1           | F | Number of consumers.
            max_bytes_required max_stream_bytes max_bytes | FLAG | false | F | Every stream must set max_bytes.
            mem_max_stream_bytes memory_max_stream_bytes | SIZE | -1    | F | Largest memory stream.
            disk_max_stream_bytes store_max_stream_bytes | SIZE | -1    | F | Largest file stream.
            max_ack_pending                   | COUNT    | -1           | F | Pending acks of one consumer.
            cluster_traffic                   | TEXT     |              | X | traffic of the account's own routes
            """);
        BLOCKS.put("cluster", """
            name                              | TEXT     |              | F | Name of the cluster.
            listen                            | ADDRESS  |              | F | Host and port for other servers.
            host net                          | TEXT     | 0.0.0.0      | F | Host for other servers.
            port                              | COUNT    | 0            | F | Port for other servers; -1: a free one.
            advertise cluster_advertise       | TEXT     |              | F | host[:port] that other servers are told.
            no_advertise                      | FLAG     | false        | F | Client URLs are not told to others.
            routes                            | TEXTS    |              | F | Servers to ask first.
            authorization                     | BLOCK    |              | F | What other servers must present.
            connect_retries                   | COUNT    | 0            | F | Attempts for a learned route.
            connect_backoff                   | FLAG     | false        | F | Attempts are spaced out.
            ping_interval                     | DURATION |              | F | Time between two liveness checks.
            ping_max                          | COUNT    |              | F | Checks that may stay unanswered.
            pool_size                         | COUNT    | 3            | F | Peers share lanes here, not pools.
            compression                       | OTHER    | accept       | X | compression of routes
            accounts                          | OTHER    |              | X | routes of single accounts
            permissions                       | BLOCK    |              | X | permissions of routes
            tls                               | BLOCK    |              | X | TLS between servers
            write_deadline                    | DURATION |              | X | write deadlines of routes
            write_timeout                     | TEXT     |              | X | write deadlines of routes
            """);
        BLOCKS.put("cluster authorization", """
            user username                     | TEXT     |              | F | User that other servers present.
            password pass                     | TEXT     |              | F | Password that other servers present.
            timeout                           | SECONDS  | 2            | F | They must do so within this time.
            permissions default_permissions   | BLOCK    |              | X | permissions of routes
            """);
        BLOCKS.put("jetstream", """
            enabled enable                    | FLAG     | true         | F | JetStream runs on this server.
            store_dir storedir                | TEXT     |              | F | Directory.
            store                             | OTHER    | file         | F | Store plug-in; a path is store_dir.
            max_memory_store max_mem_store max_mem | SIZE | -1          | F | Bytes of memory streams on this server.
            max_file_store max_file           | SIZE     | -1           | F | Bytes of file streams on this server.
            domain                            | TEXT     |              | F | JetStream domain.
            sync_interval sync                | OTHER    | always       | F | How often data is forced; default always.
            strict                            | FLAG     | true         | F | Refuse requests with unknown fields.
            unique_tag                        | TEXT     |              | F | Tag that differs between replicas.
            request_queue_limit               | COUNT    | 10000        | F | API requests that may wait.
            limits                            | BLOCK    |              | F | Limits of all accounts together.
            transport                         | BLOCK    |              | F | Settings of the transport plug-in.
            raft                              | BLOCK    |              | F | Settings of the consensus plug-in.
            encryption_key key ek             | TEXT     |              | F | Encrypts what the file store writes.
            prev_encryption_key prev_key prev_ek | TEXT  |              | F | The key before, to change it.
            cipher                            | TEXT     | chacha       | F | chacha (chachapoly) or aes.
            tpm                               | BLOCK    |              | X | encryption at rest
            extension_hint                    | TEXT     |              | X | leaf nodes
            max_outstanding_catchup           | SIZE     |              | X | limits of the reference's own log
            max_buffered_size                 | SIZE     |              | X | limits of the reference's own log
            max_buffered_msgs                 | COUNT    |              | X | limits of the reference's own log
            info_queue_limit                  | COUNT    |              | X | queue for info requests alone
            meta_compact                      | COUNT    |              | X | limits of the reference's own log
            meta_compact_size                 | SIZE     |              | X | limits of the reference's own log
            meta_compact_sync                 | FLAG     | false        | X | limits of the reference's own log
            max_concurrent_io                 | COUNT    |              | X | limits of the reference's own log
            """);
        BLOCKS.put("jetstream limits", """
            max_ack_pending                   | COUNT    | 0            | F | Pending acks of one consumer.
            max_ha_assets                     | COUNT    | 0            | F | Replicated assets on this server.
            max_request_batch                 | COUNT    | 0            | F | Batch of one pull request.
            duplicate_window                  | DURATION | 0            | F | Longest duplicate window of a stream.
            default_max_consumers             | COUNT    | 1000         | F | Consumers of a stream that sets no limit.
            batch                             | BLOCK    |              | X | atomic batches
            """);
    }

    private OptionTable() {
    }
}

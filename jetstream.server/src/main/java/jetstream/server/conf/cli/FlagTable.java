package jetstream.server.conf.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All flags: names, argument, kind, help. The order is that of the help text. */
final class FlagTable {

    private static final String ROWS = """
            # Server
            addr a net            | host   | TEXT   | Address that clients connect to (default 0.0.0.0)
            port p                | port   | COUNT  | Port that clients connect to (default 4222); -1 takes a free one
            server_name n name    | name   | TEXT   | Name of this server (default: a generated id)
            pid P                 | file   | TEXT   | Write the process id to this file
            http_port m           | port   | COUNT  | Port of the monitoring pages; -1 takes a free one
            config c              | file   | TEXT   | Configuration file; flags win over it
            t                     |        | SWITCH | Check the configuration file and exit
            signal sl             | signal[=pid] | TEXT | Signal a server: ldm, stop, quit, term, reopen, reload; \
            pid is a number, a prefix ending in * or the path of a pid file
            client_advertise      | address| TEXT   | host[:port] that clients are told to use
            ports_file_dir        | dir    | TEXT   | Write the ports of this server to a file in this directory
            # Log
            log l                 | file   | TEXT   | Log to this file instead of stderr
            logtime T             |        | SWITCH | Log lines carry the time (default true)
            logtime_utc           |        | SWITCH | The time is UTC
            debug D               |        | SWITCH | Log debug lines
            trace V               |        | SWITCH | Log the protocol
            VV                    |        | SWITCH | Log the protocol, also of the system account
            DV                    |        | SWITCH | Debug and trace
            DVV                   |        | SWITCH | Debug and trace, also of the system account
            log_size_limit        | bytes  | LONG   | Size at which the log file is rotated
            max_traced_msg_len    | bytes  | COUNT  | Payload bytes shown in a trace (default all)
            # JetStream
            jetstream js          |        | SWITCH | Run JetStream on this server
            store_dir sd          | dir    | TEXT   | Directory of its data
            # Authorization
            user                  | user   | TEXT   | User that clients must log in as
            pass                  | password | TEXT | Password of that user
            auth                  | token  | TEXT   | Token that clients must present
            # TLS
            tls                   |        | SWITCH | Ask every client for TLS
            tlsverify             |        | SWITCH | Ask every client for TLS and a certificate
            tlscert               | file   | TEXT   | Certificate chain of this server, PEM
            tlskey                | file   | TEXT   | Its private key, PEM
            tlscacert             | file   | TEXT   | Authorities for certificates of clients, PEM
            # Cluster
            routes                | urls   | TEXT   | Servers to connect to, separated by commas
            cluster cluster_listen| url    | TEXT   | Address for other servers, nats://host:port; empty for none
            cluster_name          | name   | TEXT   | Name of the cluster
            cluster_advertise     | address| TEXT   | host[:port] that other servers are told to use
            no_advertise          |        | SWITCH | Do not tell other servers' clients of this server
            connect_retries       | count  | COUNT  | Attempts to reach a server learned from others
            # Common
            help h                |        | SWITCH | Print this and exit
            version v             |        | SWITCH | Print the version and exit
            help_tls              |        | SWITCH | Print what there is about TLS and exit
            # Not supported yet
            https_port ms         | port   | REFUSED_TEXT   | TLS for monitoring
            syslog s              |        | REFUSED_SWITCH | syslog
            remote_syslog r       | url    | REFUSED_TEXT   | syslog
            profile               | port   | REFUSED_TEXT   | profiling port
            """;
    private static final int COLUMNS = 4;
    private static final int HELP_COLUMN = 40;
    private static final Map<String, Flag> BY_NAME = byName();

    private FlagTable() {
    }

    static Flag find(final String name) {
        return BY_NAME.get(name);
    }

    private static Map<String, Flag> byName() {
        final Map<String, Flag> all = new HashMap<>();
        for (final String line : ROWS.split("\n")) {
            if (!line.startsWith("#")) {
                final Flag flag = flag(line);
                for (final String name : flag.names()) {
                    if (all.put(name, flag) != null) {
                        throw new IllegalStateException("two flags are named " + name);
                    }
                }
            }
        }
        return all;
    }

    private static Flag flag(final String line) {
        final String[] cells = line.split("\\|", COLUMNS);
        return new Flag(
                List.copyOf(Arrays.asList(cells[0].strip().split(" +"))),
                cells[1].strip(),
                Flag.Kind.valueOf(cells[2].strip()),
                cells[3].strip());
    }

    static String usage() {
        final StringBuilder text = new StringBuilder("\nUsage: nats-server [options]\n");
        for (final String line : ROWS.split("\n")) {
            if (line.startsWith("#")) {
                text.append('\n').append(line.substring(2)).append(" options:\n");
            } else {
                append(flag(line), text);
            }
        }
        return text.toString();
    }

    private static void append(final Flag flag, final StringBuilder text) {
        final List<String> names = new ArrayList<>(flag.names().subList(1, flag.names().size()));
        names.add(flag.name());
        final StringBuilder head = new StringBuilder("    ");
        for (final String name : names) {
            head.append(head.length() > 4 ? ", " : "").append(name.length() <= 2 ? "-" : "--").append(name);
        }
        head.append(flag.argument().isEmpty() ? "" : " <" + flag.argument() + ">");
        text.append(head);
        text.append(head.length() < HELP_COLUMN ? " ".repeat(HELP_COLUMN - head.length()) : "  ");
        text.append(flag.isRefused() ? "not supported yet: " : "").append(flag.help()).append('\n');
    }
}

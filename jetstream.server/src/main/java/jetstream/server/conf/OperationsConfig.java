package jetstream.server.conf;

/**
 * What operators and launchers see of a server.
 *
 * @param monitor the monitoring listener
 * @param log     log settings
 * @param files   files written for launchers
 * @param source  where the settings came from
 */
public record OperationsConfig(MonitorConfig monitor, LogConfig log, FilesConfig files, ConfigSource source) {
}

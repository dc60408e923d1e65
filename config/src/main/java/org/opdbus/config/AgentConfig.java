// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.util.regex.Pattern;
import org.opdbus.config.json.Limit;

/**
 * The agent's whole configuration, as {@code op-dbus.json} sets it.
 *
 * @param host the name of this host in the ledger, on our ports, and in the cluster
 */
public record AgentConfig(
        String host,
        RuntimeConfig runtime,
        StateConfig state,
        OvsdbConfig ovsdb,
        LxcConfig lxc,
        ProxmoxConfig proxmox,
        WorkloadsConfig workloads,
        NamingConfig naming,
        EnrollmentConfig enrollment,
        NetmakerConfig netmaker,
        LedgerConfig ledger,
        HttpConfig http,
        DBusConfig dbus,
        FuseConfig fuse,
        ClusterConfig cluster) {
    private static final Pattern HOST_PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");

    static final Limit<String> HOST = Limit.that(
            host -> HOST_PATTERN.matcher(host).matches(),
            "must be a host name (1 to 253 letters, digits, dots, hyphens, underscores)");

    public AgentConfig {
        HOST.check("host", host);
    }

    /** Returns the configuration of a file that sets nothing. */
    public static AgentConfig defaults(String host) {
        return new AgentConfig(
                host,
                RuntimeConfig.defaults(),
                StateConfig.defaults(),
                OvsdbConfig.defaults(),
                LxcConfig.defaults(),
                ProxmoxConfig.defaults(),
                WorkloadsConfig.defaults(),
                NamingConfig.defaults(),
                EnrollmentConfig.defaults(),
                NetmakerConfig.defaults(),
                LedgerConfig.defaults(),
                HttpConfig.defaults(),
                DBusConfig.defaults(),
                FuseConfig.defaults(),
                ClusterConfig.defaults());
    }
}

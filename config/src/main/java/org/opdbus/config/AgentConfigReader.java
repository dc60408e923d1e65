// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import java.util.List;
import org.opdbus.config.json.JsonReader;
import org.opdbus.config.json.JsonValues;

/** Assigns keys to components, section by section. */
final class AgentConfigReader {
    /** Replaces an unusable host name until the problem is reported. */
    private static final String NO_HOST = "unknown";

    private final JsonReader json;

    AgentConfigReader(JsonReader json) {
        this.json = json;
    }

    /** Returns the configuration; use it only if the reader has no problems afterwards. */
    AgentConfig read(String hostName) {
        LedgerConfig ledger = ledger(json.object("ledger"), LedgerConfig.defaults());
        return new AgentConfig(
                host(hostName),
                runtime(json.object("runtime"), RuntimeConfig.defaults()),
                state(json.object("state"), StateConfig.defaults()),
                ovsdb(json.object("ovsdb"), OvsdbConfig.defaults()),
                lxc(json.object("lxc"), LxcConfig.defaults()),
                proxmox(json.object("proxmox"), ProxmoxConfig.defaults()),
                workloads(json.object("workloads"), WorkloadsConfig.defaults()),
                naming(json.object("naming"), NamingConfig.defaults()),
                enrollment(json.object("enrollment"), EnrollmentConfig.defaults()),
                netmaker(json.object("netmaker"), NetmakerConfig.defaults()),
                ledger,
                http(json.object("http"), HttpConfig.defaults()),
                dbus(json.object("dbus"), DBusConfig.defaults()),
                fuse(json.object("fuse"), FuseConfig.defaults()),
                cluster(json.object("cluster"), ClusterConfig.defaults(), ledger.dir()));
    }

    private String host(String hostName) {
        if (json.has("host")) {
            return json.string("host", NO_HOST, AgentConfig.HOST);
        }
        if (AgentConfig.HOST.violation(hostName).isEmpty()) {
            return hostName;
        }
        json.refuse(
                "host", "must be given, because the kernel's host name cannot be used: " + JsonValues.shown(hostName));
        return NO_HOST;
    }

    private static RuntimeConfig runtime(JsonReader json, RuntimeConfig fallback) {
        return new RuntimeConfig(json.file("dir", fallback.dir(), RuntimeConfig.DIR));
    }

    private static StateConfig state(JsonReader json, StateConfig fallback) {
        return new StateConfig(
                json.file("file", fallback.file(), StateConfig.FILE), json.bool("watch", fallback.watch()));
    }

    private static OvsdbConfig ovsdb(JsonReader json, OvsdbConfig fallback) {
        return new OvsdbConfig(
                json.file("socket", fallback.socket(), OvsdbConfig.SOCKET),
                json.integer("timeoutMs", fallback.timeoutMs(), OvsdbConfig.TIMEOUT_MS),
                json.integer("resyncIntervalMs", fallback.resyncIntervalMs(), OvsdbConfig.RESYNC_INTERVAL_MS));
    }

    private static LxcConfig lxc(JsonReader json, LxcConfig fallback) {
        return new LxcConfig(
                json.file("path", fallback.path(), LxcConfig.PATH), json.oneOf("driver", fallback.driver()));
    }

    private static ProxmoxConfig proxmox(JsonReader json, ProxmoxConfig fallback) {
        return new ProxmoxConfig(json.file("confDir", fallback.confDir(), ProxmoxConfig.CONF_DIR));
    }

    private static WorkloadsConfig workloads(JsonReader json, WorkloadsConfig fallback) {
        return new WorkloadsConfig(
                engine(json.object("docker"), fallback.docker()), engine(json.object("podman"), fallback.podman()));
    }

    private static EngineConfig engine(JsonReader json, EngineConfig fallback) {
        return new EngineConfig(json.string("socket", fallback.socket(), EngineConfig.SOCKET));
    }

    private static NamingConfig naming(JsonReader json, NamingConfig fallback) {
        return new NamingConfig(
                json.string("template", fallback.template(), NamingConfig.TEMPLATE),
                json.oneOf("mode", fallback.mode()));
    }

    private static EnrollmentConfig enrollment(JsonReader json, EnrollmentConfig fallback) {
        return new EnrollmentConfig(
                json.bool("automatic", fallback.automatic()),
                json.oneOf("networkType", fallback.networkType()),
                json.string("bridge", fallback.bridge(), EnrollmentConfig.BRIDGE),
                json.parsedList("ignore", fallback.ignore(), Glob::new),
                json.oneOf("onDrift", fallback.onDrift()));
    }

    private static NetmakerConfig netmaker(JsonReader json, NetmakerConfig fallback) {
        return new NetmakerConfig(
                json.file("envFile", fallback.envFile(), NetmakerConfig.ENV_FILE),
                json.string("netclient", fallback.netclient(), NetmakerConfig.NETCLIENT),
                json.bool("rejoin", fallback.rejoin()),
                netmakerApi(json.object("api"), fallback.api()));
    }

    private static NetmakerApiConfig netmakerApi(JsonReader json, NetmakerApiConfig fallback) {
        return new NetmakerApiConfig(
                json.string("url", fallback.url(), NetmakerApiConfig.URL),
                json.file("credentialFile", fallback.credentialFile(), NetmakerApiConfig.CREDENTIAL_FILE),
                json.parsedList("networks", fallback.networks(), NetmakerApiConfig::network),
                json.string("caFile", fallback.caFile(), NetmakerApiConfig.CA_FILE));
    }

    private static LedgerConfig ledger(JsonReader json, LedgerConfig fallback) {
        Path dir = json.file("dir", fallback.dir(), LedgerConfig.DIR);
        return new LedgerConfig(
                dir,
                json.file("keyFile", LedgerConfig.keyFileBeside(dir), LedgerConfig.KEY_FILE),
                json.integer("segmentBytesMax", fallback.segmentBytesMax(), LedgerConfig.SEGMENT_BYTES_MAX));
    }

    private static HttpConfig http(JsonReader json, HttpConfig fallback) {
        return new HttpConfig(
                json.parsed("listen", fallback.listen(), ListenAddress::parse),
                json.file("tokenFile", fallback.tokenFile(), HttpConfig.TOKEN_FILE),
                json.parsedList("hosts", fallback.hosts(), HttpConfig::name),
                httpTls(json.object("tls"), fallback.tls()));
    }

    private static HttpTlsConfig httpTls(JsonReader json, HttpTlsConfig fallback) {
        return new HttpTlsConfig(
                json.string("certificate", fallback.certificate(), HttpTlsConfig.FILE),
                json.string("key", fallback.key(), HttpTlsConfig.FILE));
    }

    private static DBusConfig dbus(JsonReader json, DBusConfig fallback) {
        return new DBusConfig(
                json.parsedList("names", fallback.names(), DBusConfig::name),
                json.string("address", fallback.address(), DBusConfig.ADDRESS),
                json.string("group", fallback.group(), DBusConfig.GROUP),
                json.bool("machined", fallback.machined()));
    }

    private static FuseConfig fuse(JsonReader json, FuseConfig fallback) {
        return new FuseConfig(
                json.string("mount", fallback.mount(), FuseConfig.MOUNT),
                json.string("readers", fallback.readers(), FuseConfig.READERS),
                json.bool("writable", fallback.writable()));
    }

    private static ClusterConfig cluster(JsonReader json, ClusterConfig fallback, Path ledger) {
        boolean enabled = json.bool("enabled", fallback.enabled());
        ListenAddress listen = json.parsed("listen", fallback.listen(), ClusterConfig::address);
        ListenAddress bus = new ListenAddress(listen.host(), ClusterConfig.BUS_PORT);
        ListenAddress door = new ListenAddress(listen.host(), ClusterConfig.DOOR_PORT);
        List<ListenAddress> members = json.parsedList("members", fallback.members(), ClusterConfig::address);
        ClusterConfig.Engine engine = json.oneOf("engine", fallback.engine());
        boolean isNats = engine == ClusterConfig.Engine.NATS;
        ClusterConfig.outOfReach(enabled && !isNats, listen, members)
                .ifPresent(member -> json.refuse(
                        "listen",
                        "must be an address by which " + member + " reaches this host, is  " + listen
                                + ", which only this host can reach"));
        return new ClusterConfig(
                enabled,
                listen,
                json.parsed("bus", bus, ClusterConfig::address),
                json.parsed("door", door, ClusterConfig::address),
                members,
                json.file("membersFile", fallback.membersFile(), ClusterConfig.MEMBERS_FILE),
                json.file("dir", ClusterConfig.dirBeside(ledger), ClusterConfig.DIR),
                json.bool("claims", fallback.claims()),
                engine,
                nats(json.object("nats"), fallback.nats(), enabled && isNats));
    }

    private static NatsConfig nats(JsonReader json, NatsConfig fallback, boolean isUsed) {
        List<ListenAddress> servers = json.parsedList("servers", fallback.servers(), NatsConfig::server);
        if (isUsed && servers.isEmpty()) {
            json.refuse(
                    "servers", "must name at least one server, such as tls://nats1:4222, if cluster.engine is nats");
        }
        return new NatsConfig(
                servers,
                json.string("credentials", fallback.credentials(), NatsConfig.CREDENTIALS),
                json.string("prefix", fallback.prefix(), NatsConfig.PREFIX));
    }
}

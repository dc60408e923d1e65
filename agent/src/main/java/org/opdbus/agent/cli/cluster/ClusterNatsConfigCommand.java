// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.opdbus.agent.cli.cluster.nats.NatsFolder;
import org.opdbus.agent.cli.cluster.nats.NatsServerPlace;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "nats-config",
        description = {
            "Writes the configuration of the nats-servers that shall carry the cluster (cluster.engine is \"nats\"), and a key "
                    + "and a certificate for each. Run it on the host that holds the CA. Name one server or an odd number of "
                    + "them; three survive the loss of one.",
            "The files are NAME.conf, NAME.key and NAME.crt of each server, and hosts.conf and ca.crt for all. Copy a "
                    + "server's own and the common ones to the same folder on that server, readable by its user only, and run "
                    + "\"nats-server -c DIR/NAME.conf\". A key is a secret.",
            "When a host has joined or was removed, run the command again as before, copy hosts.conf to the servers, and "
                    + "send each nats-server SIGHUP (nats-server --signal reload). Keys and certificates stay until they would "
                    + "expire within 120 days or the CA was replaced. Prints the names of the files that are new or changed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus cluster nats-config --out /etc/op-dbus/nats --server n1=10.0.0.11 --server n2=10.0.0.12 "
                    + "--server n3=10.0.0.13"
        })
final class ClusterNatsConfigCommand extends ClusterTask {
    @Option(
            names = "--server",
            required = true,
            paramLabel = "NAME=ADDRESS",
            converter = Place.class,
            description =
                    "A server, and the address or name by which hosts and other servers reach it, with its port if that "
                            + "is not 4222. Servers reach each other at port 6222. Repeat it for each server.")
    private List<NatsServerPlace> servers = new ArrayList<>();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The folder of the files, here and on the servers.")
    private Path out = Path.of("");

    @Option(
            names = "--store",
            paramLabel = "DIR",
            defaultValue = "/var/lib/op-dbus-nats",
            description = "Where a server stores streams, in a folder of its name (default: ${DEFAULT-VALUE}).")
    private Path store = Path.of("");

    @Option(
            names = "--store-max",
            paramLabel = "SIZE",
            defaultValue = "10G",
            converter = Size.class,
            description = "The most that a server stores: a number with M, G or T (default: ${DEFAULT-VALUE}).")
    private long storeBytes;

    @Override
    int run(AgentConfig config) {
        check();
        ClusterFolder cluster = new ClusterFolder(config.cluster().dir());
        NatsFolder folder = new NatsFolder(
                out, authority(config), cluster.requireTrustBundle().content());
        List<String> written = folder.write(servers, config.cluster().nats().prefix(), store, storeBytes);
        ResultStream result = out();
        written.forEach(result::line);
        result.flush();
        if (written.isEmpty()) {
            say("nothing has changed in " + folder.path());
        } else {
            say("copy what has changed to " + folder.path()
                    + " on the servers; start nats-server there, or send it SIGHUP");
        }
        return ExitStatus.DONE;
    }

    private void check() {
        Set<String> names = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        for (NatsServerPlace server : servers) {
            if (!names.add(server.name())) {
                throw new CannotRunException(
                        "two servers are called " + server.name() + "; give each a name of its own");
            }
            if (!addresses.add(server.address().host())) {
                throw new CannotRunException(
                        "two servers are at " + server.address().host()
                                + "; each needs an address of its own, because all listen for each other at port 6222");
            }
        }
        if (servers.size() % 2 == 0) {
            say("note: " + servers.size() + " servers survive the loss of no more servers than " + (servers.size() - 1)
                    + "; use an odd number");
        }
    }

    /** Parses a server and its address. */
    static final class Place implements ITypeConverter<NatsServerPlace> {
        @Override
        public NatsServerPlace convert(String text) {
            try {
                return NatsServerPlace.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Parses a size such as 512M or 10G. */
    static final class Size implements ITypeConverter<Long> {
        private static final String UNITS = "MGT";
        private static final int UNIT_BITS = 10;
        private static final int MEGA_BITS = 20;

        @Override
        public Long convert(String text) {
            if (text.matches("[1-9][0-9]{0,5}[MGT]")) {
                long number = Long.parseLong(text.substring(0, text.length() - 1));
                return number << (MEGA_BITS + UNIT_BITS * UNITS.indexOf(text.charAt(text.length() - 1)));
            }
            throw new TypeConversionException("must be a number with M, G or T, such as 10G, is \"" + text + "\"");
        }
    }
}

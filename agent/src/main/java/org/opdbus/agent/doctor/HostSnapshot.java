// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.ovsdb.OvsdbException;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.OvsdbVisit;
import org.opdbus.verticles.ovsdb.Survey;

/**
 * The host that is examined.
 *
 * @param config what the agent would run with
 * @param configFile the file that this came from, if there is one
 * @param configFailure what is wrong with that file, if it is; the configuration then is the default one
 * @param root where the host's {@code /proc} and {@code /dev} are
 * @param programs the folders in which programs are looked for
 * @param version this program's version
 */
public record HostSnapshot(
        AgentConfig config,
        Optional<Path> configFile,
        Optional<String> configFailure,
        Path root,
        List<Path> programs,
        String version,
        AgentReply agent,
        Kernel kernel,
        Switch ovs) {
    public HostSnapshot {
        programs = List.copyOf(programs);
    }

    /**
     * The kernel's links.
     *
     * @param names every name that a link answers to
     * @param failure why they could not be listed or may not be changed
     */
    public record Kernel(Set<String> names, Optional<String> failure) {
        public Kernel {
            names = Set.copyOf(names);
        }

        /** Nothing is known yet. */
        public static final Kernel NOT_ASKED = new Kernel(Set.of(), Optional.of("the kernel was not asked"));

        /** Asks the kernel. */
        static Kernel observe() {
            Set<String> names = new HashSet<>();
            try (RtNetlink kernel = RtNetlink.open()) {
                kernel.links().forEach(link -> {
                    names.add(link.name().value());
                    names.addAll(link.altNames());
                });
                kernel.requireRights();
                return new Kernel(names, Optional.empty());
            } catch (NetlinkException e) {
                return new Kernel(names, Optional.of(String.valueOf(e.getMessage())));
            }
        }
    }

    /**
     * Open vSwitch.
     *
     * @param survey what its database holds; empty if it could not be asked
     * @param failure why it could not be asked
     * @param running whether ovs-vswitchd runs
     */
    public record Switch(Optional<Survey> survey, Optional<String> failure, boolean running) {
        /** Nothing is known yet. */
        public static final Switch NOT_ASKED =
                new Switch(Optional.empty(), Optional.of("Open vSwitch was not asked"), false);

        /** Asks the database. */
        static Switch observe(OvsdbOptions options) {
            try (OvsdbVisit visit = OvsdbVisit.open(options)) {
                return new Switch(Optional.of(visit.look()), Optional.empty(), visit.isSwitchRunning());
            } catch (OvsdbException e) {
                return new Switch(Optional.empty(), Optional.of(String.valueOf(e.getMessage())), false);
            }
        }
    }

    /** A file of this host. */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** The same host, with its kernel and Open vSwitch looked at now. */
    public HostSnapshot observe() {
        return new HostSnapshot(
                config,
                configFile,
                configFailure,
                root,
                programs,
                version,
                agent,
                Kernel.observe(),
                Switch.observe(OvsdbOptions.of(config.ovsdb().socket())));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Path;
import java.util.Arrays;
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
 * The host that is checked.
 *
 * @param config the configuration that the agent would use
 * @param configFile the file of this configuration, if there is one
 * @param configFailure the error in that file, if any; then the configuration is the default one
 * @param root the folder that contains the host's {@code /proc} and {@code /dev}
 * @param programs the folders to search for programs
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
     * @param names all names and alternative names of links
     * @param failure why they could not be listed or may not be changed
     */
    public record Kernel(Set<String> names, Optional<String> failure) {
        public Kernel {
            names = Set.copyOf(names);
        }

        /** Returns the state before the look. */
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
     * @param survey the content of its database; empty if it could not be read
     * @param failure why it could not be read
     * @param running whether ovs-vswitchd runs
     */
    public record Switch(Optional<Survey> survey, Optional<String> failure, boolean running) {
        /** Returns the state before the look. */
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

    /** Returns the folders in which this process looks for programs. */
    public static List<Path> programFolders() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/sbin:/usr/bin:/sbin:/bin");
        return Arrays.stream(path.split(":", -1))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .toList();
    }

    /** Returns a file of this host. */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** Returns the same host, with its kernel and Open vSwitch read now. */
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

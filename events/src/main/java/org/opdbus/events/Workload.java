// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.List;
import java.util.Optional;

/** What runs on this host with network links of its own: a container of LXC, Docker or Podman, or a virtual machine. */
public sealed interface Workload {
    /** Returns what identifies it on this host; the id never changes. */
    ContainerId id();

    /** Returns the name that people know it by. It can change, and two workloads of different kinds can have the same. */
    String name();

    /**
     * Returns what the state file calls it: a container of Docker or Podman by its name ({@code docker:web}), which it keeps when
     * the engine makes it anew; every other workload by its id.
     */
    default ContainerId named() {
        return id();
    }

    /**
     * A container that LXC knows.
     *
     * @param id its name
     * @param lxcPath the folder that holds its definition, {@code /var/lib/lxc} for most
     */
    record LxcContainer(ContainerId id, String lxcPath) implements Workload {
        @Override
        public String name() {
            return id.value();
        }
    }

    /**
     * A container that Docker or Podman knows.
     *
     * @param id {@code docker:} or {@code podman:}, and the first twelve digits of the engine's own id
     * @param name its name, without the engine's leading slash
     * @param image the image that it is made from, as the engine shows it
     * @param network the engine's network mode: {@code none}, {@code bridge}, {@code host}, {@code container:ID}, or the name of
     *     a network
     * @param asked what its labels ask for
     */
    record EngineContainer(ContainerId id, String name, String image, String network, Asked asked) implements Workload {
        /** Returns its kind with its name, or its id if the name is none that a state file can have. */
        @Override
        public ContainerId named() {
            return id.kind().isId(name) ? id.kind().id(name) : id;
        }

        /** Returns whether the engine gives it a network namespace of its own without any link, {@code --network none}. */
        public boolean isWithoutNetwork() {
            return network.equals("none");
        }
    }

    /**
     * What the labels of a container ask for ({@code opdbus.bridge}, …). A label that cannot be understood is left out, and said
     * in {@code faults}.
     *
     * @param bridge the bridge to attach to
     * @param vlan the access VLAN
     * @param address the static address of its link, with the gateway
     * @param mtu the MTU of its link
     * @param ifname the name of its link in the container
     * @param networkType {@code bridge} or {@code netmaker}
     * @param role its part in Netmaker, if it is one of Netmaker's own containers ({@code server}, {@code client}, {@code ui},
     *     {@code egress}, {@code ingress}, …)
     * @param faults what is wrong with its labels, a sentence each
     * @param lab the lab that made it; then nothing else is asked for, and it is attached to nothing outside the lab
     */
    record Asked(
            Optional<String> bridge,
            Optional<Integer> vlan,
            Optional<StaticAddress> address,
            Optional<Integer> mtu,
            Optional<LinkName> ifname,
            Optional<String> networkType,
            Optional<String> role,
            List<String> faults,
            Optional<String> lab) {
        /** A container without labels of ours. */
        public static final Asked NOTHING = new Asked(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());

        public Asked {
            faults = List.copyOf(faults);
        }

        /** What the labels of a container ask for that no lab made. */
        public Asked(
                Optional<String> bridge,
                Optional<Integer> vlan,
                Optional<StaticAddress> address,
                Optional<Integer> mtu,
                Optional<LinkName> ifname,
                Optional<String> networkType,
                Optional<String> role,
                List<String> faults) {
            this(bridge, vlan, address, mtu, ifname, networkType, role, faults, Optional.empty());
        }

        /** What the labels of a container say that this lab made. */
        public static Asked byLab(String lab, Optional<String> role) {
            return new Asked(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    role,
                    List.of(),
                    Optional.of(lab));
        }

        /** Returns whether a label says that the container is to be attached, also if it says so wrongly. */
        public boolean isAttachment() {
            return bridge.isPresent()
                    || vlan.isPresent()
                    || address.isPresent()
                    || networkType.isPresent()
                    || !faults.isEmpty();
        }
    }

    /**
     * A virtual machine.
     *
     * @param id {@code vm:} and the machine's number (Proxmox) or name
     * @param name its name
     * @param taps the links of this host's network namespace through which it sends its frames, in the order of its devices
     */
    record VirtualMachine(ContainerId id, String name, List<Tap> taps) implements Workload {
        public VirtualMachine {
            taps = List.copyOf(taps);
        }
    }

    /**
     * A link between a virtual machine and this host (tun(4)).
     *
     * @param index the link's number
     * @param name the link's name
     * @param mac the hardware address that the machine has at its end, in lower case, if that is known
     */
    record Tap(int index, LinkName name, Optional<String> mac) {}
}

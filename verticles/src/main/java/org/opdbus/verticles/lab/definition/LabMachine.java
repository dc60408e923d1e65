// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import java.util.Optional;

/** What is behind the endpoints of an item. */
public sealed interface LabMachine {
    /** Returns the word that the command has for it. */
    String word();

    /**
     * An LXC container of the host. Its endpoints are links {@code eth0}, {@code eth1} and so on inside it.
     *
     * @param container its name
     * @param template the template by which the lab makes the container, and with which it removes it; empty if the
     *     container is one of the host's, which the lab neither makes nor removes
     */
    record Lxc(String container, Optional<String> template) implements LabMachine {
        @Override
        public String word() {
            return "lxc";
        }
    }

    /**
     * A container of Docker that the lab makes and removes. Its endpoints are links {@code eth0}, {@code eth1} and so on inside it.
     *
     * @param image the image that it is made from, which Docker has already
     * @param command the program that it runs and its arguments, separated by spaces; empty for the image's own
     */
    record Docker(String image, String command) implements LabMachine {
        @Override
        public String word() {
            return "docker";
        }
    }

    /**
     * A virtual machine of qemu.
     *
     * @param memoryMb its memory in MiB
     * @param processors the number of its processors
     * @param image the disk image; empty if it boots from the kernel alone
     * @param kernel the kernel that qemu loads; empty if it boots from the image
     * @param initrd the file system in memory for that kernel
     * @param append the kernel's command line
     */
    record Kvm(
            int memoryMb,
            int processors,
            Optional<String> image,
            Optional<String> kernel,
            Optional<String> initrd,
            String append)
            implements LabMachine {
        @Override
        public String word() {
            return "kvm";
        }
    }

    /** A link of the host, with the name of the item, that leads into the lab. It has one endpoint. */
    record Tap() implements LabMachine {
        @Override
        public String word() {
            return "tap";
        }
    }

    /** A way out: what is on its LAN reaches what the host reaches. It has one endpoint. */
    record Nat() implements LabMachine {
        @Override
        public String word() {
            return "nat";
        }
    }

    /**
     * A line with two ends, which delays, loses and limits frames. It has two endpoints.
     *
     * @param delayMs by how long it delays a frame
     * @param lossPer10000 how many of 10,000 frames it loses
     * @param rateKbit how much it carries in a second, or 0 for no limit
     */
    record A2b(int delayMs, int lossPer10000, long rateKbit) implements LabMachine {
        @Override
        public String word() {
            return "a2b";
        }
    }

    /** A real link of the host, with the name of the item, that the lab takes and gives back. It has one endpoint. */
    record Phy() implements LabMachine {
        @Override
        public String word() {
            return "phy";
        }
    }
}

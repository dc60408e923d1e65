// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import static org.opdbus.verticles.lab.definition.LabChecks.require;
import static org.opdbus.verticles.lab.definition.LabChecks.shown;

import java.util.Optional;
import java.util.regex.Pattern;

/** What the settings of machines may be. Whether files and programs are there is found when the machine starts. */
final class MachineChecks {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,254}");
    private static final int MEMORY_MIN = 16;
    private static final int MEMORY_MAX = 1 << 20;
    private static final int PROCESSORS_MAX = 64;
    private static final int TEXT_MAX = 2_000;
    private static final int DELAY_MAX_MS = 60_000;
    private static final int ALL_LOST = 10_000;
    private static final long RATE_MAX_KBIT = 100_000_000;

    private MachineChecks() {}

    static void check(LabMachine machine) {
        if (machine instanceof LabMachine.Lxc lxc) {
            word(lxc.container(), "the container");
            lxc.template().ifPresent(template -> word(template, "the template"));
        } else if (machine instanceof LabMachine.Docker docker) {
            require(
                    IMAGE.matcher(docker.image()).matches(),
                    shown(docker.image()) + " is no name of an image",
                    "name one that docker images lists, such as image=debian:12");
            text(docker.command(), "the command");
        } else if (machine instanceof LabMachine.Kvm kvm) {
            kvm(kvm);
        } else if (machine instanceof LabMachine.A2b line) {
            line(line);
        }
    }

    private static void word(String text, String what) {
        require(
                WORD.matcher(text).matches(),
                what + " cannot be called " + shown(text),
                "use letters, digits, '_', '.' and '-', and begin with a letter or a digit");
    }

    private static void kvm(LabMachine.Kvm kvm) {
        require(
                kvm.memoryMb() >= MEMORY_MIN && kvm.memoryMb() <= MEMORY_MAX,
                kvm.memoryMb() + " MiB is no memory of a machine",
                "use ram=" + MEMORY_MIN + " to ram=" + MEMORY_MAX);
        require(
                kvm.processors() >= 1 && kvm.processors() <= PROCESSORS_MAX,
                kvm.processors() + " is no number of processors",
                "use cpu=1 to cpu=" + PROCESSORS_MAX);
        require(
                kvm.image().isPresent() || kvm.kernel().isPresent(),
                "a machine without an image and without a kernel cannot boot",
                "name a disk image, or a kernel");
        require(
                kvm.kernel().isPresent()
                        || (kvm.initrd().isEmpty() && kvm.append().isEmpty()),
                "an initrd and a command line are for a kernel, and there is none",
                "name the kernel as well");
        file(kvm.image(), "the image");
        file(kvm.kernel(), "the kernel");
        file(kvm.initrd(), "the initrd");
        text(kvm.append(), "the command line of the kernel");
    }

    private static void file(Optional<String> path, String what) {
        path.ifPresent(text -> {
            text(text, what);
            require(
                    text.startsWith("/"),
                    what + " " + shown(text) + " has no absolute path",
                    "begin it with '/': the agent does not run in your folder");
        });
    }

    private static void text(String text, String what) {
        require(text.length() <= TEXT_MAX, what + " has more than " + TEXT_MAX + " characters", "make it shorter");
        require(
                text.chars().noneMatch(Character::isISOControl),
                what + " " + shown(text) + " has control characters",
                "leave them away");
    }

    static void line(LabMachine.A2b line) {
        require(
                line.delayMs() >= 0 && line.delayMs() <= DELAY_MAX_MS,
                line.delayMs() + " ms is no delay",
                "use delay=0 to delay=" + DELAY_MAX_MS + "ms");
        require(
                line.lossPer10000() >= 0 && line.lossPer10000() <= ALL_LOST,
                line.lossPer10000() + " of " + ALL_LOST + " frames is no loss",
                "use loss=0 to loss=100%; a number without % is of " + ALL_LOST + " frames");
        require(
                line.rateKbit() >= 0 && line.rateKbit() <= RATE_MAX_KBIT,
                line.rateKbit() + " kbit/s is no rate",
                "use rate=1kbit to rate=" + RATE_MAX_KBIT / 1_000_000 + "gbit, or rate=0 for no limit");
    }
}

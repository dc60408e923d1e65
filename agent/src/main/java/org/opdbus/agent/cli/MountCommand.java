// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.command.Signals;
import org.opdbus.agent.cli.control.MountingAgent;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.FuseConfig;
import org.opdbus.verticles.fuse.MountOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "mount",
        description = {
            "Shows this host as files in the folder DIR: Open vSwitch's rows, containers, guests and the ledger.",
            "Prints a line when the files can be read, and continues in the foreground until SIGTERM, SIGINT, or "
                    + "\"umount DIR\". It reads what it shows itself, with or without an agent.",
            "Root and the members of the group of \"fuse.readers\" may read the files. The program is also installed "
                    + "as ovsdb-fuse-mount, and \"mount -t fuse.op-dbus op-dbus DIR\" and fstab(5) use it.",
            "DIR must exist and be empty."
        },
        exitCodeList = {"0:it was mounted, and is unmounted again", "2:it could not be mounted"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus mount /run/op-dbus/files",
            "  op-dbus mount -o allow_other /mnt",
            "  cat /mnt/by-name/ports/vi100/tag"
        })
final class MountCommand extends HostTask {
    private static final String READERS = "readers=";
    /** What mount(8) passes on, or a line of fstab(5) has, that changes nothing here. It passes on rw if nothing is said. */
    private static final Set<String> OTHERS = Set.of(
            "rw",
            "ro",
            "defaults",
            "auto",
            "noauto",
            "nofail",
            "_netdev",
            "nosuid",
            "nodev",
            "noexec",
            "relatime",
            "noatime",
            "user",
            "nouser",
            "default_permissions");

    @Parameters(arity = "1", paramLabel = "DIR", description = "The folder.")
    private Path folder = Path.of("/");

    @Option(
            names = {"-w", "--writable"},
            description =
                    "Let root write the files that can be written, while no agent runs. An agent that runs does it "
                            + "itself (\"fuse.writable\").")
    private boolean writable;

    @Option(
            names = {"-o", "--options"},
            paramLabel = "OPTION",
            split = ",",
            description = "As for mount(8): readers=GROUP, allow_other (all users may read), writable.")
    private List<String> options = new ArrayList<>();

    @Override
    protected int run() {
        AgentConfig config = config();
        MountOptions chosen = chosen(config.fuse().readers());
        try (MountingAgent agent = MountingAgent.start(config, chosen.writable())) {
            agent.mount(chosen);
            ResultStream out = out();
            out.line("mounted on " + chosen.folder());
            out.flush();
            Signals.handle(agent::end, "TERM", "INT", "HUP");
            agent.awaitEnd();
        }
        return ExitStatus.DONE;
    }

    private MountOptions chosen(String readersByDefault) {
        String readers = readersByDefault;
        boolean write = writable;
        for (String option : options) {
            if (option.equals("allow_other")) {
                readers = MountOptions.EVERYONE;
            } else if (option.startsWith(READERS)) {
                readers = option.substring(READERS.length());
                checkReaders(readers);
            } else if (option.equals("writable")) {
                write = true;
            } else if (!OTHERS.contains(option) && !option.startsWith("x-")) {
                throw new CannotRunException(
                        "unknown option of -o: " + option + "; there are readers=GROUP, allow_other and writable");
            }
        }
        return new MountOptions(folder.toAbsolutePath().normalize(), readers, write);
    }

    private static void checkReaders(String readers) {
        FuseConfig.READERS.violation(readers).ifPresent(wrong -> {
            throw new CannotRunException("-o readers=" + readers + ": " + wrong);
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.verticles.capture.CaptureOptions;
import org.opdbus.verticles.capture.OwnConnections;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code op-dbus capture}. */
@Command(
        name = "capture",
        description = {
            "Captures the frames of one or more ports as pcapng, for Wireshark and tcpdump. No mirror is needed.",
            "PORT is the name of a port or of another link, or the name of a container: then all of its ports (this needs "
                    + "a running agent). A port that goes away and comes back is captured again. The capture ends at "
                    + "SIGINT or SIGTERM, when its reader ends, or when no port is left.",
            "Needs root. Frames that the kernel has to drop, because the reader is too slow, are counted in the capture and "
                    + "printed at the end."
        },
        exitCodeList = {
            "0:it captured until its end",
            "1:the capture could not be written to its end",
            "2:it could not begin"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus capture vi100 | wireshark -k -i -",
            "  op-dbus capture -w web.pcapng --filter 'tcp port 443' web",
            "  ssh root@HOST op-dbus capture uplink0 | wireshark -k -i -",
            "  op-dbus capture --lab nemo _k_1_0 _k_2_0 | tshark -r -"
        })
public final class CaptureCommand extends HostTask {
    private static final String STANDARD_OUTPUT = "-";
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final String LAB_PREFIX = "cloonix_";
    private static final int LAB_NAME_LENGTH_MAX = 64;

    @Parameters(arity = "1..*", paramLabel = "PORT", description = "A port, another link, or a container.")
    private List<String> ports = new ArrayList<>();

    @Option(
            names = {"-w", "--write"},
            paramLabel = "FILE",
            description = "Write to this file instead of standard output. An existing file is overwritten.")
    private String file = STANDARD_OUTPUT;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "COUNT",
            description = "End after so many frames.")
    private Optional<Long> count = Optional.empty();

    @Option(
            names = {"-s", "--snaplen"},
            paramLabel = "BYTES",
            description = "Keep at most so many bytes of each frame (default: 262144).")
    private int snaplen = CaptureOptions.SNAPLEN_MAX;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "EXPRESSION",
            description = "Capture only these frames, see pcap-filter(7). Needs tcpdump, which compiles it.")
    private String filter = "";

    @Option(
            names = {"-p", "--no-promiscuous-mode"},
            description = "Do not switch the links to promiscuous mode.")
    private boolean notPromiscuous;

    @Option(
            names = "--lab",
            paramLabel = "NET",
            description = "The ports are those of this lab: of the network namespace cloonix_NET.")
    private String lab = "";

    /** Made by the parser. */
    public CaptureCommand() {}

    @Override
    protected int run() {
        check();
        Optional<Path> namespace = namespace();
        List<CaptureOptions.Port> found =
                CapturePortNames.find(ports, namespace, config().runtime().controlSocket());
        CaptureOptions options = new CaptureOptions(
                found,
                namespace,
                snaplen,
                count.orElse(0L),
                !notPromiscuous,
                filter.strip(),
                own(),
                CaptureOptions.RING_BYTES);
        return new CaptureRun(options, err()).run(CaptureTarget.of(file, streams()));
    }

    private void check() {
        if (snaplen < 1 || snaplen > CaptureOptions.SNAPLEN_MAX) {
            throw new CannotRunException("--snaplen is 1 to " + CaptureOptions.SNAPLEN_MAX + ", not " + snaplen);
        }
        if (count.isPresent() && count.get() < 1) {
            throw new CannotRunException(
                    "--count is 1 or more, not " + count.get() + "; leave it out to capture without end");
        }
        if (file.equals(STANDARD_OUTPUT) && streams().outIsTerminal()) {
            throw new CannotRunException(
                    "a capture is not text for a terminal: append | wireshark -k -i - or | tcpdump -r -,"
                            + " or write it to a file with -w FILE");
        }
        if (!isRoot()) {
            throw new CannotRunException(
                    "a capture reads what crosses this host's links and needs root: sudo op-dbus capture …");
        }
    }

    private OwnConnections own() {
        try {
            return file.equals(STANDARD_OUTPUT) ? OwnConnections.ofStandardOutput() : OwnConnections.none();
        } catch (IOException e) {
            throw new CannotRunException(
                    "the connections by which this capture travels cannot be found: " + e.getMessage()
                            + "; write it to a file with -w FILE",
                    e);
        }
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Path> namespace() {
        if (lab.isEmpty()) {
            return Optional.empty();
        }
        boolean isName = lab.length() <= LAB_NAME_LENGTH_MAX && lab.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*");
        Path path = NAMESPACES.resolve(LAB_PREFIX + (isName ? lab : ""));
        if (!isName || !Files.exists(path)) {
            throw new CannotRunException("there is no lab " + lab + ": \"ip netns list\" shows no " + LAB_PREFIX + lab
                    + "; see op-dbus lab list");
        }
        return Optional.of(path);
    }
}

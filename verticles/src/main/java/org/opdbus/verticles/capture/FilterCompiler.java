// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.ledger.Printable;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.kernel.capture.BpfProgram;

/**
 * Compiles filters of libpcap's language, pcap-filter(7), by {@code tcpdump -ddd}.
 *
 * <p>For Ethernet tcpdump compiles for the loopback link: for a link it asks the kernel for the VLAN tag that the kernel takes
 * out of a frame, and otherwise {@code vlan 10} would find no frame.
 */
final class FilterCompiler {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PROGRAM = "tcpdump";

    private FilterCompiler() {}

    /**
     * Returns the program for a filter. Waits for tcpdump.
     *
     * @throws CaptureFailure if tcpdump is not installed, or refuses the filter
     */
    static BpfProgram compile(String filter, LinkType type) {
        List<String> words = new ArrayList<>(List.of(PROGRAM, "-ddd"));
        words.addAll(type == LinkType.ETHERNET ? List.of("-p", "-i", "lo") : List.of("-y", type.tcpdumpName()));
        words.addAll(List.of("--", filter));
        CommandResult result = run(words);
        if (!result.succeeded()) {
            String said = Printable.of(result.timedOut() ? "it did not end" : lastLine(result.said()));
            throw new CaptureFailure("tcpdump does not compile the filter: " + said + "; see pcap-filter(7)");
        }
        return FilterText.parse(result.stdout())
                .orElseThrow(() -> new CaptureFailure("the answer of tcpdump -ddd is not a program of at most "
                        + BpfProgram.INSTRUCTIONS_MAX + " instructions; try a shorter filter"));
    }

    private static CommandResult run(List<String> words) {
        try (CommandRunner runner = new CommandRunner()) {
            return runner.run(Command.of(LIMIT, words)).blockingGet();
        } catch (RuntimeException failure) {
            if (failure.getCause() instanceof DriverException refused
                    && refused.reason() == DriverException.Reason.NO_TOOL) {
                throw new CaptureFailure(
                        "a filter needs tcpdump, which compiles it and is not installed: apt-get install"
                                + " tcpdump, or leave the filter out and filter in Wireshark",
                        failure);
            }
            throw failure;
        }
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }
}

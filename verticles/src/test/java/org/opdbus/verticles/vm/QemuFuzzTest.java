// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.vm.QemuProcess.HeldTap;

/** Any command line of a process that runs qemu, and any text about one of its open files. */
final class QemuFuzzTest {
    @FuzzTest
    void commandLine(byte[] bytes) {
        QemuCommandLine command = QemuCommandLine.parse(new String(bytes, StandardCharsets.UTF_8));
        List<HeldTap> taps = HeldTaps.of(Map.of(4, "tap0", 9, "tap101i1"), command.cards());
        assertThat(taps).extracting(HeldTap::name).containsExactlyInAnyOrder("tap0", "tap101i1");
        QemuProcess process = new QemuProcess(1, "1", command.name(), List.of(new HeldTap("tap0", Optional.empty())));
        for (ContainerId id : MachineIds.of(process)) {
            assertThat(id.kind()).isEqualTo(ContainerId.Kind.VM);
            assertThat(MachineIds.nameOf(process, id)).isNotEmpty().doesNotContain("\n", "\u001b", "/");
        }
    }

    @FuzzTest
    void openFile(byte[] bytes) {
        assertThat(QemuProcesses.tapIn(new String(bytes, StandardCharsets.UTF_8)))
                .isNotNull();
    }
}

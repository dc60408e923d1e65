// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.verticles.driver.DriverException;

final class LxcConfigTextTest {
    private static final String MIXED = """
            # mine
              lxc.uts.name =  "a"\t
            lxc.cap.drop = sys_module
            nonsense without a sign
            lxc.cap.drop = mac_admin
            \t
            lxc.uts.name = b
            #op-dbus.template = busybox""";

    @Test
    void lines_that_are_not_changed_stay_byte_by_byte() {
        byte[] odd = {'#', (byte) 0xFF, 0, (byte) 0xC3, '\r', '\n', ' ', '=', '\n', 'x'};
        assertThat(LxcConfigText.of(odd).toBytes()).isEqualTo(odd);

        LxcConfigText config = LxcConfigText.of(odd);
        config.set("lxc.uts.name", "a");
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(odd);
        expected.writeBytes("\nlxc.uts.name = a\n".getBytes(StandardCharsets.UTF_8));
        assertThat(config.toBytes()).isEqualTo(expected.toByteArray());
    }

    @Test
    void any_bytes_come_back() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte)
                        (random.nextInt(3) == 0 ? "\n=# \"lxc.a".charAt(random.nextInt(10)) : random.nextInt(256));
            }
            LxcConfigText config = LxcConfigText.of(bytes);
            assertThat(config.toBytes()).as("seed %d", seed).isEqualTo(bytes);
            config.set("lxc.start.auto", "1");
            assertThat(config.value("lxc.start.auto")).as("seed %d", seed).contains("1");
        }
    }

    @Test
    void the_last_value_counts_and_is_replaced_where_it_stands() {
        LxcConfigText config = LxcConfigText.of(MIXED.getBytes(StandardCharsets.UTF_8));
        assertThat(config.value("lxc.uts.name")).contains("b");
        assertThat(config.values("lxc.cap.drop")).containsExactly("sys_module", "mac_admin");
        assertThat(config.note("template")).contains("busybox");
        assertThat(config.value("lxc.net.0.type")).isEmpty();

        config.set("lxc.uts.name", "ü");
        config.removeValue("lxc.cap.drop", "sys_module");
        config.add("lxc.cap.drop", "mac_admin");
        config.add("lxc.cap.drop", "sys_time");
        assertThat(new String(config.toBytes(), StandardCharsets.UTF_8)).isEqualTo("""
                        # mine
                        nonsense without a sign
                        lxc.cap.drop = mac_admin
                        \t
                        lxc.uts.name = ü
                        #op-dbus.template = busybox
                        lxc.cap.drop = sys_time
                        """);
    }

    @Test
    void a_value_cannot_bring_a_line_of_its_own() {
        assertThatThrownBy(() -> LxcConfigText.empty().set("lxc.uts.name", "a\nlxc.hook.start-host = /bin/sh"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(CgroupLimits.class)
    void what_is_written_is_read_back_and_taken_back(CgroupLimits limits) throws DriverException {
        Map<String, Object> wanted = Map.of(
                "memory", 512L,
                "swap", 128L,
                "cores", 3L,
                "hostname", "web",
                "onboot", true,
                "ipv4", "10.0.0.5/24",
                "gateway", "10.0.0.1",
                "features", "nesting=1,fuse=1",
                "nameserver", "10.0.0.1",
                "searchdomain", "example");
        LxcSettings settings = new LxcSettings(limits);
        LxcConfigText config = LxcConfigText.of("lxc.uts.name = a\n# mine\n".getBytes(StandardCharsets.UTF_8));

        settings.write(config, ContainerProperties.of(wanted));
        assertThat(settings.read(config)).containsAllEntriesOf(wanted).containsEntry("unprivileged", false);

        wanted.keySet().forEach(key -> settings.remove(config, key, "a"));
        assertThat(new String(config.toBytes(), StandardCharsets.UTF_8))
                .isEqualTo(
                        limits == CgroupLimits.V1
                                ? "lxc.uts.name = a\n# mine\nlxc.cgroup.cpu.cfs_period_us = 100000\n"
                                : "lxc.uts.name = a\n# mine\n");
    }

    @Test
    void memory_alone_may_change_and_swap_follows() throws DriverException {
        LxcSettings settings = new LxcSettings(CgroupLimits.V1);
        LxcConfigText config = LxcConfigText.empty();
        settings.write(config, ContainerProperties.of(Map.of("memory", 512, "swap", 128)));
        settings.write(config, ContainerProperties.of(Map.of("memory", 256)));
        assertThat(settings.read(config)).containsEntry("memory", 256L).containsEntry("swap", 128L);
        assertThatThrownBy(() -> settings.check(ContainerProperties.of(Map.of("swap", 1))))
                .hasMessageContaining("swap cannot be limited without memory");
    }

    @Test
    void limits_that_others_wrote_are_understood() {
        LxcConfigText config = LxcConfigText.of(
                "lxc.cgroup2.memory.max = 1G\nlxc.cgroup2.memory.swap.max = max\nlxc.cgroup2.cpu.max = 50000\n"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(CgroupLimits.V2.read(config)).isEqualTo(Map.of("memory", 1024L, "cores", 0L));
        assertThat(Optional.ofNullable(CgroupLimits.V1.read(config).get("memory")))
                .isEmpty();
    }
}

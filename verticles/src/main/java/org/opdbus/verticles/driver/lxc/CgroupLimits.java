// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;

/**
 * Writes limits for the control groups of this host: version 2 where the host has only that, otherwise version 1
 * (cgroups(7)).
 */
enum CgroupLimits {
    V1("lxc.cgroup.") {
        @Override
        Map<String, String> files(Optional<Long> memory, Optional<Long> swap, Optional<Long> cores)
                throws DriverException {
            Map<String, String> files = new LinkedHashMap<>();
            if (swap.isPresent() && memory.isEmpty()) {
                throw new DriverException(
                        Reason.INVALID,
                        "swap cannot be limited without memory: this host limits the sum of both (cgroup version 1)",
                        "set memory as well");
            }
            memory.ifPresent(mib -> files.put(MEMORY_V1, bytes(mib)));
            swap.ifPresent(mib -> files.put(MEMORY_AND_SWAP_V1, bytes(mib + memory.orElseThrow())));
            cores.ifPresent(count -> {
                files.put(PERIOD_V1, Long.toString(PERIOD_US));
                files.put(QUOTA_V1, Long.toString(count * PERIOD_US));
            });
            return files;
        }

        @Override
        Map<String, String> unlimited(String key) {
            return switch (key) {
                case "memory" -> ordered(MEMORY_AND_SWAP_V1, "-1", MEMORY_V1, "-1");
                case "swap" -> Map.of(MEMORY_AND_SWAP_V1, "-1");
                default -> Map.of(QUOTA_V1, "-1");
            };
        }

        @Override
        Map<String, Long> read(LxcConfigText config) {
            Map<String, Long> limits = new LinkedHashMap<>();
            Optional<Long> memory = config.value(prefix + MEMORY_V1).flatMap(CgroupLimits::mib);
            memory.ifPresent(value -> limits.put("memory", value));
            config.value(prefix + MEMORY_AND_SWAP_V1)
                    .flatMap(CgroupLimits::mib)
                    .ifPresent(sum -> limits.put("swap", sum - memory.orElse(0L)));
            String period = config.value(prefix + PERIOD_V1).orElse("");
            config.value(prefix + QUOTA_V1)
                    .flatMap(quota -> cores(quota, period))
                    .ifPresent(cores -> limits.put("cores", cores));
            return limits;
        }
    },
    V2("lxc.cgroup2.") {
        @Override
        Map<String, String> files(Optional<Long> memory, Optional<Long> swap, Optional<Long> cores) {
            Map<String, String> files = new LinkedHashMap<>();
            memory.ifPresent(mib -> files.put(MEMORY_V2, bytes(mib)));
            swap.ifPresent(mib -> files.put(SWAP_V2, bytes(mib)));
            cores.ifPresent(count -> files.put(CPU_V2, count * PERIOD_US + " " + PERIOD_US));
            return files;
        }

        @Override
        Map<String, String> unlimited(String key) {
            return switch (key) {
                case "memory" -> Map.of(MEMORY_V2, "max");
                case "swap" -> Map.of(SWAP_V2, "max");
                default -> Map.of(CPU_V2, "max " + PERIOD_US);
            };
        }

        @Override
        Map<String, Long> read(LxcConfigText config) {
            Map<String, Long> limits = new LinkedHashMap<>();
            config.value(prefix + MEMORY_V2).flatMap(CgroupLimits::mib).ifPresent(mib -> limits.put("memory", mib));
            config.value(prefix + SWAP_V2).flatMap(CgroupLimits::mib).ifPresent(mib -> limits.put("swap", mib));
            config.value(prefix + CPU_V2).ifPresent(value -> {
                String[] quotaAndPeriod = value.split(" ", 2);
                cores(quotaAndPeriod[0], quotaAndPeriod.length < 2 ? "" : quotaAndPeriod[1])
                        .ifPresent(cores -> limits.put("cores", cores));
            });
            return limits;
        }
    };

    private static final String MEMORY_V1 = "memory.limit_in_bytes";
    private static final String MEMORY_AND_SWAP_V1 = "memory.memsw.limit_in_bytes";
    private static final String PERIOD_V1 = "cpu.cfs_period_us";
    private static final String QUOTA_V1 = "cpu.cfs_quota_us";
    private static final String MEMORY_V2 = "memory.max";
    private static final String SWAP_V2 = "memory.swap.max";
    private static final String CPU_V2 = "cpu.max";
    private static final long PERIOD_US = 100_000;
    private static final long MIB = 1_048_576;

    /** The prefix of a control file in LXC's configuration. */
    final String prefix;

    CgroupLimits(String prefix) {
        this.prefix = prefix;
    }

    /** Returns the version of this host. */
    static CgroupLimits ofHost() {
        return Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")) ? V2 : V1;
    }

    /** Returns the control files and their new content, in an order that a stopped container's group accepts. */
    abstract Map<String, String> files(Optional<Long> memory, Optional<Long> swap, Optional<Long> cores)
            throws DriverException;

    /**
     * Returns the control files and the content that removes the limit {@code memory}, {@code swap} or {@code cores}.
     */
    abstract Map<String, String> unlimited(String key);

    /** Returns the limits in a configuration, by the keys of the state file. */
    abstract Map<String, Long> read(LxcConfigText config);

    private static Map<String, String> ordered(String key, String value, String secondKey, String secondValue) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(key, value);
        files.put(secondKey, secondValue);
        return files;
    }

    private static String bytes(long mib) {
        return Long.toString(mib * MIB);
    }

    /** Returns the processors that a quota allows; empty if it limits nothing. A period that is none is the kernel's. */
    private static Optional<Long> cores(String quota, String period) {
        long divisor = number(period).filter(length -> length > 0).orElse(PERIOD_US);
        return number(quota).filter(time -> time > 0).map(time -> time / divisor);
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }

    /** Parses a number of bytes in the kernel's notation, also {@code 512M}. */
    private static Optional<Long> mib(String text) {
        String value = text.strip();
        int shift = value.isEmpty() ? -1 : "kmg".indexOf(Character.toLowerCase(value.charAt(value.length() - 1)));
        Optional<Long> count = number(shift < 0 ? value : value.substring(0, value.length() - 1));
        return count.filter(bytes -> bytes >= 0).map(bytes -> (bytes << (10 * (shift + 1))) / MIB);
    }
}

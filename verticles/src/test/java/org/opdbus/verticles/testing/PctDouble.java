// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A double of Proxmox VE's {@code pct}, which makes real LXC containers, plugs their links into Open vSwitch as Proxmox
 * does, and keeps their configurations; {@code pct-double/pct} says what it answers.
 */
public final class PctDouble {
    private static final long TIMEOUT_S = 120;

    private final Path folder;

    private PctDouble(Path folder) {
        this.folder = folder;
    }

    /** What a call answered. */
    public record Answer(int exit, String said) {}

    /** Puts the double into this folder. */
    public static PctDouble in(Path folder) {
        PctDouble made = new PctDouble(folder);
        try {
            Files.createDirectories(made.configurations());
            Files.createDirectories(made.lxcPath());
            made.copy("pct");
            made.copy("network");
            made.script("lxcnetaddbr", "link=${5#veth*i}\nexec " + folder + "/pct plug-at-start \"$1\" \"$link\"\n");
            made.script("lxc-poststop", "exec " + folder + "/pct sweep-at-stop \"$LXC_NAME\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made;
    }

    private void copy(String name) throws IOException {
        try (InputStream source = Objects.requireNonNull(PctDouble.class.getResourceAsStream("/pct-double/" + name))) {
            Files.copy(source, folder.resolve(name));
        }
        Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void script(String name, String text) throws IOException {
        Files.setPosixFilePermissions(
                Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text),
                PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Lets links be plugged into the bridges of this Open vSwitch. */
    public PctDouble plugsInto(PrivateOvs ovs) {
        return says("ovs", "--db=unix:" + ovs.socket());
    }

    /** Lets every step of a change take up to this time. */
    public PctDouble pauses(long mostMs) {
        return says("pause", Long.toString(mostMs));
    }

    /** Whether the configuration keeps the old value while a link is changed, or has no bridge in between. */
    public PctDouble keepsWhileChanging(boolean kept) {
        try {
            Files.deleteIfExists(folder.resolve("kept"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return kept ? says("kept", "") : this;
    }

    /** Lets the next plugging fail. */
    public PctDouble failsToPlugOnce() {
        return says("fail-plug", "");
    }

    private PctDouble says(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The program. */
    public Path program() {
        return folder.resolve("pct");
    }

    /** The folder of the configurations, {@code /etc/pve/lxc} of a real node. */
    public Path configurations() {
        return folder.resolve("conf");
    }

    /** The folder of LXC's definitions. */
    public Path lxcPath() {
        return folder.resolve("lxc");
    }

    /** The configuration of a container. */
    public Path configuration(String vmid) {
        return configurations().resolve(vmid + ".conf");
    }

    /** The value of a key before the first section; empty if it is not set. */
    public String configured(String vmid, String key) {
        try {
            return Files.readAllLines(configuration(vmid)).stream()
                    .takeWhile(line -> !line.startsWith("["))
                    .filter(line -> line.startsWith(key + ": "))
                    .map(line -> line.substring(key.length() + 2))
                    .findFirst()
                    .orElse("");
        } catch (NoSuchFileException none) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a container with this first network device; it does not run. */
    public PctDouble create(String vmid, String net) {
        return must("create", vmid, "local:vztmpl/busybox", "--memory", "64", "--net0", net);
    }

    /** Calls it; the call must succeed. */
    public PctDouble must(String... arguments) {
        Answer answer = call(arguments);
        if (answer.exit() != 0) {
            throw new AssertionError("pct " + String.join(" ", arguments) + " ended with " + answer);
        }
        return this;
    }

    /** Calls it. */
    public Answer call(String... arguments) {
        try {
            Process process = begin(arguments);
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("pct " + String.join(" ", arguments) + " took too long");
            }
            return new Answer(process.exitValue(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Begins a call, which goes on meanwhile. */
    public Process begin(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(arguments));
        // What the container leaves running must not keep the pipe open.
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
    }

    /** Removes its folder; to be called when no container is left and no program uses it. */
    public void remove() {
        LxcTemplate.delete(folder);
    }

    /** Stops and destroys every container. */
    public void destroyAll() {
        for (String line : call("list").said().lines().skip(1).toList()) {
            String vmid = line.split(" +", 2)[0];
            call("stop", vmid);
            must("destroy", vmid);
        }
    }
}

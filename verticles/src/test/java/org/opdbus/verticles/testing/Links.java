// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes and changes real links with the {@code ip} command, so that what is tested does not test itself. */
public final class Links {
    private static boolean namesAreOurs;

    private Links() {}

    /** Makes a veth pair, both ends in this namespace and down. */
    public static void addVeth(String name, String peer) {
        ip("link", "add", "name", name, "type", "veth", "peer", "name", peer);
    }

    /** Makes a veth pair whose other end is in a named namespace from the beginning. */
    public static void addVethInto(String name, String peer, String namespace) {
        ip("link", "add", "name", name, "type", "veth", "peer", "name", peer, "netns", namespace);
    }

    /** Makes a Linux bridge. */
    public static void addBridge(String name) {
        ip("link", "add", "name", name, "type", "bridge");
    }

    public static void delete(String name) {
        ip("link", "del", name);
    }

    public static void setUp(String name) {
        ip("link", "set", name, "up");
    }

    /** Puts a link on a Linux bridge. */
    public static void setMaster(String name, String bridge) {
        ip("link", "set", name, "master", bridge);
    }

    /** Takes a link from its Linux bridge. */
    public static void setNoMaster(String name) {
        ip("link", "set", name, "nomaster");
    }

    public static void setMac(String name, String mac) {
        ip("link", "set", name, "address", mac);
    }

    public static void rename(String name, String to) {
        ip("link", "set", name, "name", to);
    }

    /** Moves a link into a named namespace, under another name. */
    public static void move(String name, String namespace, String newName) {
        ip("link", "set", name, "netns", namespace, "name", newName);
    }

    /** Makes a namespace with a name; the names of a laboratory are its own. */
    public static void addNamespace(String name) {
        Laboratory.require();
        synchronized (Links.class) {
            if (!namesAreOurs) {
                run(List.of("mkdir", "-p", "/run/netns"), "");
                run(List.of("mount", "-t", "tmpfs", "tmpfs", "/run/netns"), "");
                namesAreOurs = true;
            }
        }
        ip("netns", "add", name);
    }

    /** Deletes a namespace's name, and with it the namespace if nobody else holds it; one that is not there is fine. */
    public static void deleteNamespace(String name) {
        if (Files.exists(namespaceFile(name))) {
            ip("netns", "del", name);
        }
    }

    /** The file that a named namespace is bound to. */
    public static Path namespaceFile(String name) {
        return Path.of("/run/netns", name);
    }

    /** Runs {@code ip} inside a named namespace, and returns what it printed. */
    public static String ipInside(String namespace, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-n", namespace));
        all.addAll(List.of(arguments));
        return ip(all.toArray(String[]::new));
    }

    /** Runs many {@code ip} commands in one process, in their order: {@code "link add a type veth"} and so on. */
    public static void batch(List<String> commands) {
        run(List.of("ip", "-batch", "-"), String.join("\n", commands) + "\n");
    }

    /** Runs many {@code ip} commands in one process inside a named namespace, in their order. */
    public static void batchInside(String namespace, List<String> commands) {
        run(List.of("ip", "-n", namespace, "-batch", "-"), String.join("\n", commands) + "\n");
    }

    /** Runs many {@code ip} commands in one process as {@link #batch} does, with a pause after each. */
    public static void paced(List<String> commands, long pauseMs) throws InterruptedException {
        Laboratory.require();
        List<String> command = List.of("ip", "-batch", "-");
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.getOutputStream()) {
                for (String line : commands) {
                    stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    stdin.flush();
                    TimeUnit.MILLISECONDS.sleep(pauseMs);
                }
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + exit + ": " + output.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not finish " + String.join(" ", command), e);
        }
    }

    /** Runs {@code ip}, and returns what it printed; fails with its complaint if it fails. */
    public static String ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return run(command, "");
    }

    private static String run(List<String> command, String input) {
        Laboratory.require();
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + exit + ": " + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException("could not run " + String.join(" ", command) + "; is iproute2 there?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + String.join(" ", command), e);
        }
    }
}

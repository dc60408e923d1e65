// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.opdbus.verticles.kernel.LibC;
import org.opdbus.verticles.testing.Links;

/** A router in a namespace of its own, at the other end of the host's uplink. */
final class RouterSide implements AutoCloseable {
    static final String NAMESPACE = "router";
    static final String LINK = "down0";

    private static final int CLONE_NEWNET = 0x40000000;

    private final ExecutorService inside = Executors.newSingleThreadExecutor();

    /** Makes the router and the uplink {@code up0}, both ends up, with this MTU. */
    RouterSide(String uplink, int mtu) {
        Links.addNamespace(NAMESPACE);
        Links.addVethInto(uplink, LINK, NAMESPACE);
        Links.ip("link", "set", uplink, "mtu", Integer.toString(mtu), "up");
        ip("link", "set", "lo", "up");
        ip("link", "set", LINK, "mtu", Integer.toString(mtu), "up");
        // The userspace datapath passes on what the veth has, and nothing after it would finish a checksum.
        run("ethtool", "-K", LINK, "tx", "off");
        call(() -> {
            int fd = LibC.LIBC.open(Links.namespaceFile(NAMESPACE).toString(), LibC.O_CLOEXEC);
            if (fd < 0 || LibC.LIBC.setns(fd, CLONE_NEWNET) != 0) {
                throw new AssertionError("cannot enter the router's namespace: " + LibC.errno());
            }
            return LibC.LIBC.close(fd);
        });
    }

    static String ip(String... arguments) {
        return Links.ipInside(NAMESPACE, arguments);
    }

    /** Runs code on a thread of the router's; a socket that is made there belongs to the router for ever. */
    <T> T call(Callable<T> code) {
        try {
            return inside.submit(code).get();
        } catch (ExecutionException e) {
            throw new AssertionError("failed on the router: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Runs a program on the router and returns what it printed. */
    static String run(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", NAMESPACE));
        all.addAll(List.of(command));
        return runHere(all.toArray(String[]::new));
    }

    /** Runs a program on the host and returns what it printed. */
    static String runHere(String... all) {
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new AssertionError(List.of(all) + " ended with " + exit + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        inside.shutdownNow();
        Links.deleteNamespace(NAMESPACE);
    }
}

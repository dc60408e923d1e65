// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.opdbus.config.ListenAddress;

/**
 * A member in a process of its own: prints its events and received messages on standard output, one per line, and
 * obeys commands on standard input: {@code publish TEXT}, {@code memory}. Ends when that ends.
 */
public final class MemberProcess {
    private static final String ADDRESS = "op-dbus.test";

    private MemberProcess() {}

    static MembershipOptions options(Path folder, String host, String address) {
        return new MembershipOptions(
                host,
                new ListenAddress(address, 7800),
                new ListenAddress(address, 7801),
                new ListenAddress(address, 7802),
                List.of(),
                folder.resolve("members"),
                folder.resolve(host));
    }

    /** Runs one: the folder of all, the name and the address of this one. */
    public static void main(String[] arguments) throws IOException {
        long start = System.nanoTime();
        AtomicReference<Vertx> bus = new AtomicReference<>();
        Membership membership = Membership.open(options(Path.of(arguments[0]), arguments[1], arguments[2]));
        var unused = membership
                .events()
                .subscribe(
                        event -> {
                            if (event instanceof MembershipEvent.Up up) {
                                Vertx clustered = ((EmbeddedSession) up.session()).vertx();
                                bus.set(clustered);
                                clustered
                                        .eventBus()
                                        .<String>consumer(ADDRESS, message -> say("heard " + message.body()))
                                        .completion()
                                        .onComplete(
                                                done -> say("up after ms " + (System.nanoTime() - start) / 1_000_000));
                            } else if (event instanceof MembershipEvent.Joined joined) {
                                say("joined " + joined.member().host());
                            } else if (event instanceof MembershipEvent.Left left) {
                                say("left " + left.member().host());
                            } else {
                                say("down");
                            }
                        },
                        failure -> say("failed " + failure));
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("publish ")) {
                    Vertx clustered = bus.get();
                    if (clustered != null) {
                        clustered.eventBus().publish(ADDRESS, line.substring("publish ".length()));
                    }
                } else if (line.equals("memory")) {
                    say(memory());
                }
            }
        }
        membership.close();
        System.exit(0);
    }

    private static String memory() throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        String resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("");
        return "memory heap KiB " + (runtime.totalMemory() - runtime.freeMemory()) / 1024 + ", " + resident
                + ", threads " + Thread.activeCount();
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.ContainerDriver;

/** What is run inside containers. Each run has a limit, after which it is ended with everything that it started. */
final class GuestCommands {
    /**
     * netclient takes its token as an argument and in no other way. The shell reads it from its input, so that no process
     * outside of the container, and no process but netclient itself, ever has it among its arguments; it is not exported.
     * What is exported is the mark by which a later run of the agent knows it.
     */
    private static final String JOIN =
            "IFS= read -r t || exit 1; export " + LeftJoin.MARK + "; exec \"$0\" join -t \"$t\" </dev/null";

    /** Prints one word for each thing found. A name in the hosts file needs no server to be resolved. */
    private static final String LOOK = """
            if command -v "$1" >/dev/null 2>&1; then echo netclient; fi
            if [ -c /dev/net/tun ]; then echo tun; fi
            if [ -z "$2" ] || grep -qsw "$2" /etc/hosts; then echo dns
            elif command -v getent >/dev/null 2>&1; then getent hosts "$2" >/dev/null 2>&1 && echo dns
            elif command -v nslookup >/dev/null 2>&1; then nslookup "$2" >/dev/null 2>&1 && echo dns
            else echo dns
            fi
            :
            """;

    private static final Duration LOOK_LIMIT = Duration.ofSeconds(30);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(15);
    private static final Duration PULL_LIMIT = Duration.ofSeconds(60);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);

    private final ContainerDriver driver;
    private final String netclient;
    private final Duration joinLimit;

    GuestCommands(ContainerDriver driver, String netclient, Duration joinLimit) {
        this.driver = driver;
        this.netclient = netclient;
        this.joinLimit = joinLimit;
    }

    /** Runs netclient's join. The result's texts have the token struck out. */
    Single<CommandResult> join(ContainerId id, EnrollmentToken token) {
        return driver.exec(
                id,
                new Command(
                        List.of("sh", "-c", JOIN, netclient),
                        Optional.of(token.reveal() + "\n"),
                        joinLimit,
                        token.secrets()));
    }

    /** Takes the container off its server, as far as netclient does it; it says nothing of how that went. */
    Single<CommandResult> leave(ContainerId id, String server) {
        return driver.exec(id, Command.of(LEAVE_LIMIT, List.of(netclient, "server", "leave", server)));
    }

    /** Has netclient fetch its configuration anew, and its daemon take it up. */
    Single<CommandResult> pull(ContainerId id) {
        return driver.exec(id, Command.of(PULL_LIMIT, List.of(netclient, "pull")));
    }

    /**
     * What there is in the container: any of {@code netclient}, {@code tun} and {@code dns}.
     *
     * @param name the name that must resolve; empty if there is none
     */
    Single<Set<String>> look(ContainerId id, String name) {
        return driver.exec(id, Command.of(LOOK_LIMIT, List.of("sh", "-c", LOOK, "sh", netclient, name)))
                .map(result -> new TreeSet<>(result.stdout().lines().toList()));
    }

    /** When each peer was heard last, in seconds since 1970; empty if nothing in the container can tell. */
    Single<Optional<List<Long>>> handshakes(ContainerId id, String link) {
        return driver.exec(id, Command.of(ASK_LIMIT, List.of("wg", "show", link, "latest-handshakes")))
                .map(result -> result.succeeded()
                        ? Optional.of(result.stdout()
                                .lines()
                                .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                                .filter(field -> field.matches("[0-9]{1,18}"))
                                .map(Long::parseLong)
                                .toList())
                        : Optional.empty());
    }
}

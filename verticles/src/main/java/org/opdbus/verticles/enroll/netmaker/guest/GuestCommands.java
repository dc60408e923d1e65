// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.GuestAccess;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;

/** What is run inside containers. Each run has a limit, after which it is ended with everything that it started. */
public final class GuestCommands {
    /** Where programs are in a container: what lxc-attach leaves to the C library does not name /usr/local and /sbin. */
    private static final String PATH =
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH; ";

    /**
     * netclient takes its token as an argument and in no other way. The shell reads it from its input, so that no process
     * outside of the container, and no process but netclient itself, ever has it among its arguments; it is not exported.
     * What is exported is the mark by which a later run of the agent knows it.
     */
    private static final String JOIN =
            PATH + "IFS= read -r t || exit 1; export " + OrphanedJoin.MARK + "; exec \"$0\" join -t \"$t\" </dev/null";

    private static final String RUN = PATH + "exec \"$@\"";

    /** Prints one word for what is known of netclient's daemon; the pid file may name a process that is long gone. */
    private static final String DAEMON = """
            pid=$(cat /var/run/netclient.pid 2>/dev/null)
            if [ -n "$pid" ] && tr '\\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q netclient; then echo daemon; fi
            if [ -d /run/systemd/system ]; then
                echo systemd
                echo "System=$(systemctl is-system-running 2>/dev/null)"
                systemctl show -p LoadState -p ActiveState netclient.service 2>/dev/null ||
                    ls /etc/systemd/system/netclient.service /usr/lib/systemd/system/netclient.service \
                        /lib/systemd/system/netclient.service 2>/dev/null | grep -q . || echo LoadState=not-found
            fi
            :
            """;

    /** Prints one word for each thing found. A name in the hosts file needs no server to be resolved. */
    private static final String INSPECT = """
            if command -v "$1" >/dev/null 2>&1; then echo netclient; fi
            if [ -c /dev/net/tun ]; then echo tun; fi
            if [ -z "$2" ] || grep -qsw "$2" /etc/hosts; then echo dns
            elif command -v getent >/dev/null 2>&1; then getent hosts "$2" >/dev/null 2>&1 && echo dns
            elif command -v nslookup >/dev/null 2>&1; then nslookup "$2" >/dev/null 2>&1 && echo dns
            else echo dns
            fi
            """;

    private static final Pattern HANDSHAKE = Pattern.compile("(\\S{1,64})\\t([0-9]{1,18})");
    private static final Duration INSPECT_LIMIT = Duration.ofSeconds(30);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(15);
    private static final Duration PULL_LIMIT = Duration.ofSeconds(60);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);

    private final GuestAccess guests;
    private final String netclient;
    private final Duration joinLimit;

    public GuestCommands(GuestAccess guests, String netclient, Duration joinLimit) {
        this.guests = guests;
        this.netclient = netclient;
        this.joinLimit = joinLimit;
    }

    /** Runs netclient's join. The result's texts have the token struck out. */
    public Single<CommandResult> join(ContainerId id, EnrollmentToken token) {
        return guests.exec(
                id,
                new Command(
                        List.of("sh", "-c", JOIN, netclient),
                        Optional.of(token.reveal() + "\n"),
                        joinLimit,
                        token.secrets()));
    }

    /** Takes the container off its server, as far as netclient does it; it says nothing of how that went. */
    public Single<CommandResult> leave(ContainerId id, String server) {
        return run(id, LEAVE_LIMIT, netclient, "server", "leave", server);
    }

    /** Has netclient fetch its configuration anew, and its daemon take it up. */
    public Single<CommandResult> pull(ContainerId id) {
        return run(id, PULL_LIMIT, netclient, "pull");
    }

    private Single<CommandResult> run(ContainerId id, Duration limit, String... words) {
        List<String> arguments = new ArrayList<>(List.of("sh", "-c", RUN, "sh"));
        arguments.addAll(List.of(words));
        return guests.exec(id, Command.of(limit, arguments));
    }

    /**
     * What there is in the container: any of {@code netclient}, {@code tun} and {@code dns}, and the words of {@link
     * GuestDaemon}.
     *
     * @param name the name that must resolve; empty if there is none
     */
    public Single<Set<String>> inspect(ContainerId id, String name) {
        return words(id, PATH + "\n" + INSPECT + DAEMON, name);
    }

    /** The state of netclient's daemon in the container. */
    public Single<GuestDaemon> daemon(ContainerId id) {
        return words(id, PATH + "\n" + DAEMON, "").map(GuestDaemon::of);
    }

    private Single<Set<String>> words(ContainerId id, String script, String name) {
        return guests.exec(id, Command.of(INSPECT_LIMIT, List.of("sh", "-c", script, "sh", netclient, name)))
                .map(result -> new TreeSet<>(result.stdout().lines().toList()));
    }

    /**
     * When each peer was heard last, in seconds since 1970 and 0 for never, by the peer's public key; empty if nothing in
     * the container shows it.
     */
    public Single<Optional<Map<String, Long>>> handshakes(ContainerId id, String link) {
        return run(id, ASK_LIMIT, "wg", "show", link, "latest-handshakes")
                .map(result -> result.succeeded() ? Optional.of(handshakes(result.stdout())) : Optional.empty());
    }

    /** Parses what {@code wg show LINK latest-handshakes} printed; lines of another form are left out. */
    static Map<String, Long> handshakes(String printed) {
        Map<String, Long> handshakes = new TreeMap<>();
        printed.lines()
                .map(HANDSHAKE::matcher)
                .filter(Matcher::matches)
                .forEach(line -> handshakes.put(line.group(1), Long.parseLong(line.group(2))));
        return handshakes;
    }
}

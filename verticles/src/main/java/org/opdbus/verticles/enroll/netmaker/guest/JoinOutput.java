// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Accepted;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Permanent;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Retryable;

/**
 * Finds out how a join ended by what netclient printed. The exit code is 0 after most failures, so the text decides.
 *
 * <p>The texts are those of netclient 1.4 and of the servers that go with it.
 */
public final class JoinOutput {
    /** The two lines of a container's configuration that let WireGuard run in it without the kernel's module. */
    static final String TUN_LINES = "\"lxc.cgroup2.devices.allow = c 10:200 rwm\" and "
            + "\"lxc.mount.entry = /dev/net/tun dev/net/tun none bind,create=file\"";

    public static final String WIREGUARD_REMEDY = "load WireGuard on the host (modprobe wireguard), or add " + TUN_LINES
            + " to the container's configuration; a container of Docker or Podman needs"
            + " --device /dev/net/tun --cap-add NET_ADMIN";
    public static final String PROGRAM_REMEDY = "install netclient in the container";

    private static final int SHOWN_LENGTH_MAX = 300;
    private static final int NOT_FOUND = 127;
    private static final int NOT_EXECUTABLE = 126;
    private static final Pattern REGISTERED = Pattern.compile("(?m)^registered with server (\\S+)\\s*$");
    private static final Pattern SERVER_SAID =
            Pattern.compile("error registering with server code: (\\d{3}) ([^\\n]*)");
    private static final Pattern FAILED = Pattern.compile("registration failed ([^\\n]*)");
    private static final Pattern URL = Pattern.compile("(Get|Post|Put|Delete) \"[^\"]*\":?\\s*");
    private static final Pattern PATH = Pattern.compile("/host/register/[^\\s\"]*");

    private static final String KEY_REMEDY = "create a key on the server and put its token into the file of tokens";

    private record KnownMessage(String text, String message, String remedy) {
        Permanent outcome() {
            return new Permanent(message, remedy, remedy.equals(KEY_REMEDY));
        }
    }

    private static final List<KnownMessage> SERVER_REFUSALS = List.of(
            new KnownMessage(
                    "no enrollmentkey found", "the server knows no key of this token: it was deleted", KEY_REMEDY),
            new KnownMessage("invalid enrollment key", "the key of this token has expired or is used up", KEY_REMEDY),
            new KnownMessage(
                    "host already exists",
                    "the key of this token leads to no network, and the server knows the container already",
                    "give the key a network on the server"),
            new KnownMessage(
                    "bad client version",
                    "the server does not take this version of netclient",
                    "install the server's version of netclient in the container"),
            new KnownMessage(
                    "access blocked",
                    "the server's security policy blocks the container",
                    "see the server's posture checks"));

    private static final List<KnownMessage> GUEST_REFUSALS = List.of(
            new KnownMessage(
                    "could not read enrollment token",
                    "netclient cannot read the token",
                    "put the token of an enrolment key into the file of tokens"),
            new KnownMessage(
                    "config is unreadable",
                    "netclient's own files in the container are damaged",
                    "remove /etc/netclient in the container; it joins as a new host"),
            new KnownMessage(
                    "configuration is invalid",
                    "netclient's own files in the container do not belong together",
                    "remove all of /etc/netclient in the container; it joins as a new host"));

    private JoinOutput() {}

    /** How the join ended; its output must have had its secrets struck out already. */
    public static JoinOutcome classify(CommandResult result) {
        String text = PATH.matcher(result.stdout() + "\n" + result.stderr()).replaceAll("/host/register/***");
        Matcher registered = REGISTERED.matcher(text);
        if (registered.find()) {
            return new Accepted(registered.group(1));
        }
        Matcher said = SERVER_SAID.matcher(text);
        if (said.find()) {
            return refusedByServer(said.group(1), said.group(2).strip());
        }
        for (KnownMessage known : GUEST_REFUSALS) {
            if (text.contains(known.text())) {
                return known.outcome();
            }
        }
        Matcher failed = FAILED.matcher(text);
        if (failed.find()) {
            return new Retryable(
                    "the server cannot be reached: "
                            + shortened(URL.matcher(failed.group(1)).replaceAll("")),
                    "");
        }
        return withoutVerdict(result, text);
    }

    private static JoinOutcome refusedByServer(String code, String message) {
        if (code.startsWith("5")) {
            return new Retryable("the server failed with " + code + ": " + shortened(message), "");
        }
        for (KnownMessage known : SERVER_REFUSALS) {
            if (message.contains(known.text())) {
                return known.outcome();
            }
        }
        return new Permanent(
                "the server refused with " + code + ": " + shortened(message), "see the server's log", false);
    }

    private static JoinOutcome withoutVerdict(CommandResult result, String text) {
        if (result.timedOut()) {
            return new Retryable("netclient hung and was ended", "");
        }
        if (text.contains("WireGuard not detected") || text.contains("is wireguard installed")) {
            return new Retryable("WireGuard is not possible in the container", WIREGUARD_REMEDY);
        }
        if (result.exit() == NOT_FOUND) {
            return new Retryable("netclient is not in the container", PROGRAM_REMEDY);
        }
        if (result.exit() == NOT_EXECUTABLE) {
            return new Retryable("netclient in the container may not be executed", PROGRAM_REMEDY);
        }
        return new Retryable(
                "netclient ended with " + result.exit() + " and said neither yes nor no: " + shortened(lastLine(text)),
                "");
    }

    private static String lastLine(String text) {
        return text.strip().lines().reduce((first, second) -> second).orElse("nothing");
    }

    private static String shortened(String text) {
        String one = text.strip().replaceAll("\\p{Cntrl}", " ");
        return one.length() <= SHOWN_LENGTH_MAX ? one : one.substring(0, SHOWN_LENGTH_MAX) + "…";
    }
}

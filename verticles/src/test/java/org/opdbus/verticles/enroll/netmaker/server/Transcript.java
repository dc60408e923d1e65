// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was recorded of the real netclient 1.4.0 and of the real server 1.5.1 (community, SQLite) on 2026-11-29, in
 * {@code src/test/resources/netmaker-1.5.1}. Secrets and the values of keys were replaced before.
 */
public final class Transcript {
    private static final Pattern CALL =
            Pattern.compile("[0-9:.]+ ([<>]) (?:(\\d{3}) [A-Za-z ]*? )?(GET|POST|PUT|DELETE) (\\S+).*");
    private static final Pattern SECTION = Pattern.compile("### (GET|POST|PUT|DELETE) (\\S+)");

    private Transcript() {}

    /**
     * A request or an answer.
     *
     * @param code the answer's; 0 of a request
     */
    public record Call(int line, String method, String path, int code, String body) {
        boolean isAnswer() {
            return code != 0;
        }

        ApiClient.Answer answer() {
            return new ApiClient.Answer(code, body);
        }

        @Override
        public String toString() {
            return "line " + line + ": " + code + " " + method + " " + path;
        }
    }

    /**
     * One run of netclient.
     *
     * @param command its words; empty if they were not recorded
     */
    public record Run(String command, int exit, String stdout, String stderr) {}

    public static String text(String name) {
        try (InputStream stream = Transcript.class.getResourceAsStream("/netmaker-1.5.1/" + name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every call between netclient, the agent and the server, in order. */
    public static List<Call> conversation() {
        List<Call> calls = new ArrayList<>();
        Matcher head = null;
        StringBuilder body = new StringBuilder();
        int number = 0;
        int at = 0;
        for (String line : (text("http-conversation.txt") + "\n00:00:00 > GET /end").split("\n", -1)) {
            number++;
            Matcher matcher = CALL.matcher(line);
            if (!matcher.matches()) {
                body.append(line).append('\n');
                continue;
            }
            if (head != null) {
                int code = head.group(1).equals("<") ? Integer.parseInt(head.group(2)) : 0;
                calls.add(new Call(
                        at, head.group(3), head.group(4), code, body.toString().strip()));
            }
            head = matcher;
            at = number;
            body.setLength(0);
        }
        return calls;
    }

    /** The answers that were asked for one by one, with the codes. */
    public static List<Call> answers() {
        List<Call> calls = new ArrayList<>();
        List<String> lines = text("api-answers.txt").lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher matcher = SECTION.matcher(lines.get(i));
            if (matcher.matches()) {
                int at = i + 1;
                List<String> rest = new ArrayList<>();
                while (i + 1 < lines.size() && !lines.get(i + 1).startsWith("###")) {
                    rest.add(lines.get(++i));
                }
                String last = rest.remove(rest.size() - 1);
                calls.add(new Call(
                        at,
                        matcher.group(1),
                        matcher.group(2),
                        Integer.parseInt(last.strip()),
                        String.join("\n", rest).strip()));
            }
        }
        return calls;
    }

    /** One run of netclient. */
    public static Run run(String name) {
        Matcher matcher = Pattern.compile(
                        "(?s)(?:\\$ netclient ([^\\n]*)\\n)?rc=(\\d+)\\n(?:--stdout|STDOUT)\\n(.*?)(?:--stderr|STDERR)\\n?(.*)")
                .matcher(text(name));
        if (!matcher.matches()) {
            throw new AssertionError(name + " is no run of netclient");
        }
        return new Run(
                matcher.group(1) == null ? "" : matcher.group(1),
                Integer.parseInt(matcher.group(2)),
                matcher.group(3),
                matcher.group(4));
    }
}

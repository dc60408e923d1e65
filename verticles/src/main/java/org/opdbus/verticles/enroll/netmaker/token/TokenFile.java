// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.token;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;

/**
 * A file of enrolment tokens: {@code KEY=value} lines, with comments, {@code export} and quotes as in a shell. It is read
 * as data; no shell ever sees it. It is read anew whenever a token is needed, so a change holds from then on.
 */
public final class TokenFile {
    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)");
    private static final Pattern SINGLE_QUOTED = Pattern.compile("'([^']*)'\\s*(?:#.*)?");
    private static final Pattern DOUBLE_QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(?:#.*)?");
    private static final Pattern BARE = Pattern.compile("([^\\s'\"]*)\\s*(?:(?<=\\s)#.*)?");

    private final Path file;
    private final Map<String, String> values;

    private TokenFile(Path file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    /**
     * Reads the file. Waits for the disk.
     *
     * @throws NetmakerException ENV_FILE
     */
    public static TokenFile read(Path file) throws NetmakerException {
        return new TokenFile(file, parse(file, PrivateFile.read(file, "NETMAKER_TOKEN=…", Reason.ENV_FILE)));
    }

    /** Package-private for tests. */
    static Map<String, String> parse(Path file, String text) throws NetmakerException {
        Map<String, String> values = new TreeMap<>();
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw malformed(file, number, "is not KEY=value");
            }
            values.put(matcher.group(1), value(file, number, matcher.group(2)));
        }
        return values;
    }

    private static String value(Path file, int number, String text) throws NetmakerException {
        Matcher single = SINGLE_QUOTED.matcher(text);
        if (single.matches()) {
            return single.group(1);
        }
        Matcher quoted = DOUBLE_QUOTED.matcher(text);
        if (quoted.matches()) {
            // Within double quotes a backslash escapes these four only; see sh(1), Double Quotes.
            return quoted.group(1).replaceAll("\\\\([\"\\\\$`])", "$1");
        }
        Matcher bare = BARE.matcher(text);
        if (bare.matches()) {
            return bare.group(1);
        }
        throw malformed(file, number, "has a quote that is not closed, or words after its value");
    }

    private static NetmakerException malformed(Path file, int line, String why) {
        return new NetmakerException(Reason.ENV_FILE, "line " + line + " of " + file + " " + why, "correct that line");
    }

    /**
     * The token of this name.
     *
     * @throws NetmakerException NO_SUCH_TOKEN, NOT_A_TOKEN
     */
    public EnrollmentToken token(String name) throws NetmakerException {
        String value = values.get(name);
        if (value == null) {
            throw new NetmakerException(
                    Reason.NO_SUCH_TOKEN,
                    file + " has no " + name + "; "
                            + (values.isEmpty() ? "it is empty" : "it has " + String.join(", ", values.keySet())),
                    "add a line " + name + "=…, or correct netmaker_token_env");
        }
        return EnrollmentToken.of(name, value);
    }

    @Override
    public String toString() {
        return file + " " + values.keySet();
    }
}

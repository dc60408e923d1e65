// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.netmaker.NetmakerException.Reason;

/**
 * A file of enrolment tokens: {@code KEY=value} lines, with comments, {@code export} and quotes as in a shell. It is read
 * as data; no shell ever sees it. It is read anew whenever a token is needed, so a change holds from then on.
 */
final class NetmakerEnv {
    private static final int BYTES_MAX = 65_536;
    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)");
    private static final Pattern SINGLE_QUOTED = Pattern.compile("'([^']*)'\\s*(?:#.*)?");
    private static final Pattern DOUBLE_QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(?:#.*)?");
    private static final Pattern BARE = Pattern.compile("([^\\s'\"]*)\\s*(?:(?<=\\s)#.*)?");
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path file;
    private final Map<String, String> values;

    private NetmakerEnv(Path file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    /**
     * Reads the file. Waits for the disk.
     *
     * @throws NetmakerException ENV_FILE
     */
    static NetmakerEnv read(Path file) throws NetmakerException {
        try {
            requirePrivate(file);
            if (Files.size(file) > BYTES_MAX) {
                throw new NetmakerException(
                        Reason.ENV_FILE, file + " is longer than " + BYTES_MAX + " bytes", "keep tokens in it only");
            }
            return new NetmakerEnv(file, parse(file, Files.readString(file, StandardCharsets.ISO_8859_1)));
        } catch (NoSuchFileException missing) {
            throw new NetmakerException(
                    Reason.ENV_FILE, file + " does not exist", "write NETMAKER_TOKEN=… into it, with the mode 0600");
        } catch (IOException unreadable) {
            throw new NetmakerException(
                    Reason.ENV_FILE, file + " cannot be read: " + unreadable, "see that it is a file of ours");
        }
    }

    private static void requirePrivate(Path file) throws IOException, NetmakerException {
        if (!Files.isRegularFile(file) && Files.exists(file)) {
            throw new NetmakerException(Reason.ENV_FILE, file + " is not a file", "put a file in its place");
        }
        if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
            throw new NetmakerException(
                    Reason.ENV_FILE,
                    file + " is not used, because its group or others can read or change it",
                    "chmod 600 " + file + ", and take its tokens for known");
        }
        Object owner = Files.getAttribute(file, "unix:uid");
        Object ours = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!owner.equals(0) && !owner.equals(ours)) {
            throw new NetmakerException(
                    Reason.ENV_FILE, file + " is not used, because it belongs to user " + owner, "chown root " + file);
        }
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
        return new NetmakerException(Reason.ENV_FILE, "line " + line + " of " + file + " " + why, "put it right");
    }

    /**
     * The token of this name.
     *
     * @throws NetmakerException NO_SUCH_TOKEN, NOT_A_TOKEN
     */
    EnrollmentToken token(String name) throws NetmakerException {
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

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks who may read and write a file or folder. */
final class FileModes {
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private FileModes() {}

    /** Returns a problem if any user but the owner may write. */
    static Optional<CheckResult> onlyOwnerWrites(String check, Path file, String why) {
        return judge(check, file, why, OTHERS_WRITE, "chmod go-w " + file);
    }

    /** Returns a problem if any user but the owner has any access. */
    static Optional<CheckResult> onlyOwnerEnters(String check, Path file, String why) {
        return judge(check, file, why, PosixFilePermissions.fromString("---rwxrwx"), "chmod go= " + file);
    }

    private static Optional<CheckResult> judge(
            String check, Path file, String why, Set<PosixFilePermission> forbidden, String remedy) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            String shown = PosixFilePermissions.toString(mode);
            mode.retainAll(forbidden);
            return mode.isEmpty()
                    ? Optional.empty()
                    : Optional.of(CheckResult.problem(check, file + " has the mode " + shown, why, remedy));
        } catch (IOException e) {
            return Optional.of(
                    CheckResult.problem(check, "cannot look at " + file + ": " + e, why, "run doctor as root"));
        }
    }

    /** Returns what was found, or that everything is correct. */
    static List<CheckResult> orElse(List<Optional<CheckResult>> findings, CheckResult well) {
        List<CheckResult> found = findings.stream().flatMap(Optional::stream).toList();
        return found.isEmpty() ? List.of(well) : found;
    }
}

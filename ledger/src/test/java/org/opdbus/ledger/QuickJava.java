// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.opdbus.ledger.write.WriterProcess;

/**
 * A java that starts {@link WriterProcess} in a third of the time, for tests that start hundreds: from archived classes
 * (man java, -XX:SharedArchiveFile), which have to come from jars. Only the start differs.
 */
public final class QuickJava {
    private final Path archive;
    private final String classPath;

    private QuickJava(Path archive, String classPath) {
        this.archive = archive;
        this.classPath = classPath;
    }

    /** Makes the jar and the archive in a folder, by writing a ledger there. */
    public static QuickJava in(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<Path> folders = new ArrayList<>();
        List<String> jars = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(element))) {
                folders.add(Path.of(element));
            } else {
                jars.add(element);
            }
        }
        Path jar = folder.resolve("writer.jar");
        pack(folders, jar);
        String classPath = jar + File.pathSeparator + String.join(File.pathSeparator, jars);
        QuickJava java = new QuickJava(folder.resolve("writer.jsa"), classPath);
        Process once = new ProcessBuilder(java.command(
                        "-XX:ArchiveClassesAtExit=" + java.archive, folder.resolve("host/ledger"), 2000, "200"))
                .redirectErrorStream(true)
                .start();
        once.getInputStream().readAllBytes();
        if (once.waitFor() != 0 || !Files.exists(java.archive)) {
            throw new IllegalStateException("no class archive was made: exit status " + once.exitValue());
        }
        return java;
    }

    private static void pack(List<Path> folders, Path jar) throws IOException {
        Set<String> packed = new HashSet<>();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path folder : folders) {
                Path own = folder.resolve("org/opdbus/ledger");
                if (Files.isDirectory(own)) {
                    try (Stream<Path> files = Files.walk(own)) {
                        for (Path file : files.filter(Files::isRegularFile).toList()) {
                            // Packages of tests have a package-info of their own.
                            if (packed.add(own.relativize(file).toString())) {
                                out.putNextEntry(
                                        new JarEntry(folder.relativize(file).toString()));
                                Files.copy(file, out);
                                out.closeEntry();
                            }
                        }
                    }
                }
            }
        }
    }

    /** Starts a writer that goes on until it is killed. */
    public Process start(Path dir, int segmentBytes) throws IOException {
        return new ProcessBuilder(command("-XX:SharedArchiveFile=" + archive, dir, segmentBytes))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> command(String option, Path dir, int segmentBytes, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classPath,
                WriterProcess.class.getName(),
                dir.toString(),
                Integer.toString(segmentBytes)));
        command.addAll(List.of(more));
        return command;
    }
}

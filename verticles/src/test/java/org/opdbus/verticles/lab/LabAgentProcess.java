// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.testing.JavaProgram;

/** A running {@link LabProgram}. For one thread. */
final class LabAgentProcess implements AutoCloseable {
    /** The answer of a program that was killed. */
    static final String KILLED = "killed";

    private static final int END_LIMIT_S = 60;

    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;

    private LabAgentProcess(Process process) {
        this.process = process;
        questions = process.outputWriter();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts one, by a command that becomes it, such as setpriv(1), if there is one. */
    static LabAgentProcess start(Path runtime, Path lxcPath, String... through) {
        List<String> command = new ArrayList<>(List.of(through));
        command.addAll(JavaProgram.command(LabProgram.class, runtime.toString(), lxcPath.toString()));
        return new LabAgentProcess(JavaProgram.start(command));
    }

    /** Says a command and does not wait for the answer. */
    void say(String line) {
        try {
            questions.write(line + "\n");
            questions.flush();
        } catch (IOException killed) {
            process.destroyForcibly();
        }
    }

    /** Returns the next answer. */
    String answer() {
        try {
            String line = answers.readLine();
            return line == null ? KILLED : line;
        } catch (IOException killed) {
            return KILLED;
        }
    }

    String ask(String line) {
        say(line);
        return answer();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it, without a chance to do anything more. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
                throw new AssertionError("the program does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}

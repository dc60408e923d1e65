// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.kernel.capture.BpfProgram;
import org.opdbus.verticles.kernel.capture.BpfProgram.Instruction;

/** The text of a compiled filter as {@code tcpdump -ddd} prints it: the number of instructions, then one a line. */
final class FilterText {
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern LINE = Pattern.compile("([0-9]{1,5}) ([0-9]{1,3}) ([0-9]{1,3}) ([0-9]{1,10})");
    private static final long UNSIGNED_INT_MAX = 0xffff_ffffL;
    private static final int IF_TRUE = 2;
    private static final int IF_FALSE = 3;
    private static final int CONSTANT = 4;

    private FilterText() {}

    /** Returns the program; empty if the text is anything else. */
    static Optional<BpfProgram> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty()
                || !COUNT.matcher(lines.get(0)).matches()
                || Integer.parseInt(lines.get(0)) != lines.size() - 1) {
            return Optional.empty();
        }
        List<Instruction> instructions = new ArrayList<>();
        try {
            for (String line : lines.subList(1, lines.size())) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    return Optional.empty();
                }
                instructions.add(instruction(matcher));
            }
            return Optional.of(new BpfProgram(instructions));
        } catch (IllegalArgumentException outOfRange) {
            return Optional.empty();
        }
    }

    private static Instruction instruction(Matcher line) {
        long constant = Long.parseLong(line.group(CONSTANT));
        if (constant > UNSIGNED_INT_MAX) {
            throw new IllegalArgumentException("more than 32 bits: " + constant);
        }
        return new Instruction(
                Integer.parseInt(line.group(1)),
                Integer.parseInt(line.group(IF_TRUE)),
                Integer.parseInt(line.group(IF_FALSE)),
                (int) constant);
    }
}

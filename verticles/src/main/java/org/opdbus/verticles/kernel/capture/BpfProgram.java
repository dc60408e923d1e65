// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of classic BPF: the kernel runs it for each frame, and it returns how many bytes of the frame to keep (0: none). See
 * {@code Documentation/networking/filter.rst} of the kernel.
 *
 * @param instructions at least one, at most {@link #INSTRUCTIONS_MAX}
 */
public record BpfProgram(List<Instruction> instructions) {
    /** The kernel's own limit (BPF_MAXINSNS). */
    public static final int INSTRUCTIONS_MAX = 4_096;

    static final int INSTRUCTION_BYTES = 8;
    private static final int RETURN_CONSTANT = 0x06;

    /**
     * One instruction ({@code struct sock_filter}).
     *
     * @param code what it does
     * @param ifTrue how many instructions to skip if a comparison holds
     * @param ifFalse how many to skip if it does not hold
     * @param constant its operand
     */
    public record Instruction(int code, int ifTrue, int ifFalse, int constant) {
        public Instruction {
            if (code < 0 || code > 0xffff || ifTrue < 0 || ifTrue > 0xff || ifFalse < 0 || ifFalse > 0xff) {
                throw new IllegalArgumentException("not an instruction: " + code + " " + ifTrue + " " + ifFalse);
            }
        }
    }

    public BpfProgram {
        instructions = List.copyOf(instructions);
        if (instructions.isEmpty() || instructions.size() > INSTRUCTIONS_MAX) {
            throw new IllegalArgumentException(
                    "a filter has 1 to " + INSTRUCTIONS_MAX + " instructions, this one " + instructions.size());
        }
    }

    /** Returns the program that keeps at most so many bytes of every frame; none if it is 0. */
    public static BpfProgram keeping(int bytes) {
        return new BpfProgram(List.of(new Instruction(RETURN_CONSTANT, 0, 0, bytes)));
    }

    /** Returns this program followed by another one, which decides about the frames that reach this program's end. */
    public BpfProgram then(BpfProgram next) {
        List<Instruction> all = new ArrayList<>(instructions);
        all.addAll(next.instructions);
        return new BpfProgram(all);
    }

    /** Returns the program that keeps at most so many bytes of each frame of which this one keeps any. */
    public BpfProgram keepingAtMost(int bytes) {
        return new BpfProgram(instructions.stream()
                .map(each -> each.code() == RETURN_CONSTANT && each.constant() != 0
                        ? new Instruction(RETURN_CONSTANT, 0, 0, bytes)
                        : each)
                .toList());
    }

    /** Returns the instructions as the kernel takes them. */
    byte[] bytes() {
        ByteBuffer bytes =
                ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        for (Instruction each : instructions) {
            bytes.putShort((short) each.code())
                    .put((byte) each.ifTrue())
                    .put((byte) each.ifFalse())
                    .putInt(each.constant());
        }
        return bytes.array();
    }
}

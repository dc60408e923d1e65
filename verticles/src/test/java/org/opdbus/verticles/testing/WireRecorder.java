// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** Writes every frame that passes any link of a network namespace to a file of pcap-savefile(5), until it is killed. */
public final class WireRecorder {
    private static final int MAGIC = 0xa1b2c3d4;
    private static final short VERSION_MAJOR = 2;
    private static final short VERSION_MINOR = 4;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final int FILE_HEAD = 24;
    private static final int RECORD_HEAD = 16;

    private WireRecorder() {}

    /** Starts one in this namespace; what passes from now on will be in this file. */
    public static Process start(Path file) {
        return JavaProgram.start(JavaProgram.command(WireRecorder.class, file.toString()));
    }

    /** Records: the file. */
    public static void main(String[] arguments) throws IOException {
        try (PacketSocket links = PacketSocket.ofEveryLink();
                FileChannel file = FileChannel.open(
                        Path.of(arguments[0]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            append(file, fileHead());
            System.out.println(JavaProgram.READY);
            ByteBuffer record = ByteBuffer.allocateDirect(RECORD_HEAD + PacketSocket.FRAME_BYTES_MAX)
                    .order(ByteOrder.LITTLE_ENDIAN);
            while (true) {
                record.clear().position(RECORD_HEAD);
                links.receive(record);
                record.flip();
                fillHead(record, Instant.now());
                // Head and frame at once: a reader of a growing file seldom finds half of one.
                append(file, record);
            }
        }
    }

    private static ByteBuffer fileHead() {
        return ByteBuffer.allocate(FILE_HEAD)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .putShort(VERSION_MAJOR)
                .putShort(VERSION_MINOR)
                // The time zone and its accuracy, which are 0 by convention.
                .putLong(0)
                .putInt(PacketSocket.FRAME_BYTES_MAX)
                .putInt(LINKTYPE_ETHERNET)
                .flip();
    }

    private static void fillHead(ByteBuffer record, Instant now) {
        int frame = record.limit() - RECORD_HEAD;
        record.putInt(0, Math.toIntExact(now.getEpochSecond()))
                .putInt(4, now.getNano() / 1_000)
                .putInt(8, frame)
                .putInt(12, frame);
    }

    private static void append(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }
}

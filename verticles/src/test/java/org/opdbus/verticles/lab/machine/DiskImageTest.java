// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.verticles.lab.definition.LabRefusal;

final class DiskImageTest {
    @TempDir
    Path folder;

    @Test
    void an_image_is_known_by_what_is_in_it() throws IOException {
        assertThat(DiskImage.of(qcow2("a.img", "", 0), true).format()).isEqualTo("qcow2");
        byte[] disk = new byte[1024];
        disk[510] = 0x55;
        disk[511] = (byte) 0xaa;
        assertThat(DiskImage.of(file("b.qcow2", disk), true).format()).isEqualTo("raw");
        byte[] cd = new byte[33_280];
        System.arraycopy("CD001".getBytes(StandardCharsets.US_ASCII), 0, cd, 32_769, 5);
        assertThat(DiskImage.of(file("c.iso", cd), true).format()).isEqualTo("raw");
        assertThat(DiskImage.of(file("d.raw", new byte[512]), false).format()).isEqualTo("raw");
    }

    @Test
    void what_is_no_image_is_refused() throws IOException {
        refused(folder.resolve("absent"), " is missing");
        refused(folder, " is not a regular file");
        refused(file("empty", new byte[0]), "is not a disk image");
        refused(file("text", "hello".getBytes(StandardCharsets.US_ASCII)), "is not a disk image");
        refused(file("zero", new byte[512]), "has no boot sector");
        refused(file("cut", new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3}), "it ends in its header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/shadow", "../x", "nbd:localhost:1", "json:{}"})
    void an_image_must_not_show_other_files_to_its_machine(String below) throws IOException {
        refused(qcow2("a.qcow2", below, 0), "stands on another image that is not in its own folder");
        qcow2("b.qcow2", below, 0);
        refused(qcow2("c.qcow2", "b.qcow2", 0), "stands on another image that is not in its own folder");
    }

    @Test
    void an_image_may_stand_on_one_beside_it() throws IOException {
        qcow2("base.qcow2", "", 0);
        assertThat(DiskImage.of(qcow2("a.qcow2", "base.qcow2", 0), true).format())
                .isEqualTo("qcow2");
        refused(qcow2("b.qcow2", "absent.qcow2", 0), " is missing");
        refused(qcow2("loop.qcow2", "loop.qcow2", 0), "stands on another image");
        refused(qcow2("outside.qcow2", "", 4), "keeps its data in another file");
    }

    private static void refused(Path file, String why) {
        assertThatThrownBy(() -> DiskImage.of(file, true))
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining(why);
    }

    private Path qcow2(String name, String below, long features) throws IOException {
        byte[] text = below.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer header = ByteBuffer.allocate(512);
        header.putInt(0x514649fb).putInt(3);
        header.putLong(text.length == 0 ? 0 : 200).putInt(text.length);
        header.putLong(72, features);
        header.position(200).put(text);
        return file(name, header.array());
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.wire.MalformedRequestException;
import org.opdbus.verticles.fuse.wire.ReplyBuffer;
import org.opdbus.verticles.fuse.wire.RequestDispatcher;

/** Whatever a request contains, the kernel gets one reply to it that it can take, or none if it expects none. */
final class FuseRequestFuzzTest {
    private static final int HEADER_BYTES = 40;

    private final SyntheticTree tree = new SyntheticTree();
    private final RequestDispatcher dispatcher;
    private final ReplyBuffer reply = new ReplyBuffer(1);

    FuseRequestFuzzTest() throws MalformedRequestException {
        long folder = tree.folder(FileTree.ROOT, "folder");
        tree.file(folder, "file", "content");
        tree.file(FileTree.ROOT, "text", "x".repeat(200_000));
        tree.link(FileTree.ROOT, "link", "folder/file");
        TreeOperations operations = new TreeOperations(
                new ShownTree(tree, new FileAccess(0, false, true), new OpenFiles(), new ToldEntries()));
        dispatcher = new RequestDispatcher(
                operations, new RequestDispatcher.Limits(4096, 15), late -> {}, (request, cause) -> {
                    throw new AssertionError("a defect: " + request, cause);
                });
        assertThat(dispatcher.answer(FuseRequests.INIT.buffer(), reply)).isPresent();
    }

    /** The requests follow each other; each begins with its length. */
    @FuzzTest
    void requests(byte[] bytes) {
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        while (all.remaining() >= Integer.BYTES) {
            int length = Math.min(all.remaining(), Math.max(HEADER_BYTES, all.getInt(all.position())));
            ByteBuffer request = all.slice().order(ByteOrder.nativeOrder()).limit(length);
            all.position(all.position() + length);
            try {
                check(request, dispatcher.answer(request, reply));
            } catch (MalformedRequestException refused) {
                assertThat(refused).hasMessageNotContaining("\n");
            }
        }
    }

    /** fuse_dev_do_write() of the kernel refuses anything else. */
    private static void check(ByteBuffer request, Optional<ByteBuffer> reply) {
        if (reply.isEmpty()) {
            return;
        }
        ByteBuffer message = reply.get();
        assertThat(message.getInt(0)).isEqualTo(message.remaining());
        assertThat(message.getLong(8)).isEqualTo(request.getLong(8));
        int error = message.getInt(4);
        assertThat(error).isBetween(-511, 0);
        assertThat(error == 0 || message.remaining() == 16).isTrue();
    }
}

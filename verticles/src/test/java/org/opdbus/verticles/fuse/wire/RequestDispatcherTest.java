// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.fuse.FuseRequests;

/** What a real kernel asks becomes a call, and what is no request becomes an error. */
final class RequestDispatcherTest {
    private static final RequestDispatcher.Limits LIMITS = new RequestDispatcher.Limits(4096, 15);

    private final List<ByteBuffer> late = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final ReplyBuffer reply = new ReplyBuffer(10);
    private final RequestDispatcher dispatcher =
            new RequestDispatcher(recorder(), LIMITS, late::add, (request, cause) -> {
                throw cause;
            });

    private FileOperations recorder() {
        return (FileOperations) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {FileOperations.class}, (proxy, method, arguments) -> {
                    StringBuilder call = new StringBuilder(method.getName());
                    Arrays.stream(arguments)
                            .filter(each -> !(each instanceof ReplyBuffer))
                            .map(each -> each instanceof RequestHeader header ? "node " + header.node() : each)
                            .forEach(each -> call.append(' ').append(each));
                    calls.add(call.toString());
                    return null;
                });
    }

    @Test
    void the_kernel_and_the_server_agree_on_a_version_and_on_what_they_can_do() throws Exception {
        ByteBuffer agreed = ask(FuseRequests.INIT.buffer());

        assertThat(agreed.remaining()).isEqualTo(16 + 64);
        assertThat(agreed.getInt(16)).isEqualTo(7);
        assertThat(agreed.getInt(20)).isEqualTo(42);
        assertThat(agreed.getInt(16 + 12) & 1 << 13).as("READDIRPLUS").isNotZero();
        assertThat(agreed.getInt(16 + 12) & 1 << 14).as("READDIRPLUS_AUTO").isZero();
        assertThat(agreed.getInt(16 + 20)).as("max_write").isEqualTo(4096);
        assertThat(agreed.getShort(16 + 40)).as("request_timeout").isEqualTo((short) 15);
    }

    @Test
    void a_kernel_that_is_too_old_is_refused_and_a_later_version_is_asked_for_ours() throws Exception {
        assertThat(errno(FuseRequests.INIT.buffer().putInt(44, 30))).isEqualTo(71);
        ByteBuffer later = ask(FuseRequests.INIT.buffer().putInt(40, 8));
        assertThat(later.remaining()).isEqualTo(24);
        assertThat(later.getInt(16)).isEqualTo(7);
        assertThat(ask(FuseRequests.INIT.buffer()).getInt(4)).isZero();
    }

    @Test
    void requests_of_a_real_kernel_become_calls() throws Exception {
        ask(FuseRequests.INIT.buffer());
        for (FuseRequests each : List.of(
                FuseRequests.LOOKUP,
                FuseRequests.GETATTR,
                FuseRequests.SETATTR,
                FuseRequests.READLINK,
                FuseRequests.MKNOD,
                FuseRequests.MKDIR,
                FuseRequests.SYMLINK,
                FuseRequests.OPEN,
                FuseRequests.READ,
                FuseRequests.RELEASE)) {
            assertThat(ask(each.buffer()).getInt(4)).isZero();
        }
        assertThat(calls)
                .containsExactly(
                        "lookup node 1 play",
                        "attributes node 1 0",
                        "change node 62009 AttributeChange[valid=288, handle=0, size=0]",
                        "target node 62010",
                        "make node 62008 a 32768",
                        "make node 1 play 16384",
                        "make node 62008 l 40960",
                        "open node 62009 32768",
                        "read 5 0 131072",
                        "release 5");
    }

    @Test
    void what_the_file_system_does_not_have_is_told_once_and_for_all() throws Exception {
        ask(FuseRequests.INIT.buffer());
        assertThat(errno(FuseRequests.GETXATTR.buffer())).isEqualTo(FileError.ENOSYS);
        assertThat(errno(FuseRequests.LSEEK.buffer())).isEqualTo(FileError.ENOSYS);
        assertThat(errno(FuseRequests.OPEN.buffer().putInt(4, 4711))).isEqualTo(FileError.ENOSYS);
    }

    @Test
    void what_is_cut_off_is_an_error_of_its_own() throws Exception {
        ask(FuseRequests.INIT.buffer());
        assertThat(errno(cut(FuseRequests.LOOKUP, 44))).isEqualTo(FileError.EINVAL);
        assertThat(errno(cut(FuseRequests.READ, 59))).isEqualTo(FileError.EINVAL);
        assertThat(errno(cut(FuseRequests.POLL, 40))).isEqualTo(FileError.EINVAL);
        assertThat(calls).isEmpty();
        assertThatThrownBy(() -> dispatcher.answer(FuseRequests.READ.buffer().limit(39), reply))
                .isInstanceOf(MalformedRequestException.class);
        assertThatThrownBy(() -> dispatcher.answer(FuseRequests.READ.buffer().putInt(0, 79), reply))
                .isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void nothing_is_answered_before_the_versions_are_agreed_and_a_second_agreement_is_refused() throws Exception {
        assertThat(errno(FuseRequests.LOOKUP.buffer())).isEqualTo(FileError.EIO);
        ask(FuseRequests.INIT.buffer());
        assertThat(errno(FuseRequests.INIT.buffer())).isEqualTo(FileError.EIO);
        assertThat(calls).isEmpty();
    }

    @Test
    void a_message_that_needs_no_reply_gets_none() throws Exception {
        assertThat(dispatcher.answer(FuseRequests.FORGET.buffer(), reply)).isEmpty();
        assertThat(dispatcher.answer(FuseRequests.FORGET.buffer().putInt(4, 36), reply))
                .as("INTERRUPT")
                .isEmpty();
    }

    @Test
    void a_reply_can_come_later_and_a_signal_ends_the_waiting() throws Exception {
        List<LaterReply> promised = new ArrayList<>();
        FileOperations slow = (FileOperations) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {FileOperations.class}, (proxy, method, arguments) -> {
                    promised.add(((ReplyBuffer) arguments[arguments.length - 1]).later());
                    return null;
                });
        RequestDispatcher other = new RequestDispatcher(slow, LIMITS, late::add, (request, cause) -> {
            throw cause;
        });
        other.answer(FuseRequests.INIT.buffer(), reply);
        ByteBuffer flush = FuseRequests.POLL.buffer().putInt(4, 25);

        assertThat(other.answer(flush.putLong(8, 70), reply)).isEmpty();
        assertThat(other.answer(flush.rewind().putLong(8, 72), reply)).isEmpty();
        assertThat(late).isEmpty();
        promised.get(0).done();
        assertThat(late.get(0).getLong(8)).isEqualTo(70);
        ByteBuffer interrupt = FuseRequests.FORGET.buffer().putInt(4, 36).putLong(40, 72);
        assertThat(other.answer(interrupt, reply)).isEmpty();
        promised.get(1).done();

        assertThat(late).hasSize(2);
        assertThat(late.get(1).getLong(8)).isEqualTo(72);
        assertThat(-late.get(1).getInt(4)).isEqualTo(FileError.EINTR);
    }

    @Test
    void a_defect_is_told_and_answered() throws Exception {
        List<RuntimeException> told = new ArrayList<>();
        FileOperations broken = (FileOperations) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {FileOperations.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("broken");
                });
        RequestDispatcher other = new RequestDispatcher(broken, LIMITS, late::add, (request, cause) -> told.add(cause));
        other.answer(FuseRequests.INIT.buffer(), reply);

        ByteBuffer answer = other.answer(FuseRequests.LOOKUP.buffer(), reply).orElseThrow();

        assertThat(-answer.getInt(4)).isEqualTo(FileError.EIO);
        assertThat(told).hasSize(1);
    }

    @Test
    void the_header_of_a_request_with_extensions_ends_where_they_begin() throws Exception {
        ByteBuffer request = ByteBuffer.allocate(56).order(ByteOrder.nativeOrder());
        request.putInt(0, 56).putShort(36, (short) 1);
        RequestHeader.read(request);
        assertThat(request.remaining()).isEqualTo(8);
    }

    private static ByteBuffer cut(FuseRequests request, int length) {
        return request.buffer().limit(length).putInt(0, length);
    }

    private ByteBuffer ask(ByteBuffer request) throws MalformedRequestException {
        return dispatcher.answer(request, reply).orElseThrow();
    }

    private int errno(ByteBuffer request) throws MalformedRequestException {
        return -ask(request).getInt(4);
    }
}

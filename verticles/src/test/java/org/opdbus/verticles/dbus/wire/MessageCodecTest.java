// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written can be read again, in pieces of any size; what is no message is refused. */
final class MessageCodecTest {
    /** The call Hello as dbus-send 1.14 writes it, recorded by strace(1). */
    private static final String HELLO =
            "6c01000100000000010000006e00000001016f00150000002f6f72672f667265656465736b746f702f44427573000000"
                    + "06017300140000006f72672e667265656465736b746f702e444275730000000002017300140000006f72672e66726565"
                    + "6465736b746f702e4442757300000000030173000500000048656c6c6f000000";

    private final List<BusMessage> received = new ArrayList<>();
    private final List<Long> tooLong = new ArrayList<>();
    private final MessageDecoder decoder = new MessageDecoder(new MessageDecoder.Receiver() {
        @Override
        public void received(BusMessage message) {
            received.add(message);
        }

        @Override
        public void tooLong(BusMessage header, long bytes) {
            tooLong.add(bytes);
        }
    });

    @Test
    void readsACallOfAnotherProgram() {
        decoder.read(HexFormat.of().parseHex(HELLO));

        assertThat(received).hasSize(1);
        BusMessage call = received.get(0);
        assertThat(call.kind()).isEqualTo(BusMessage.Kind.CALL);
        assertThat(call.path()).contains(new ObjectPath("/org/freedesktop/DBus"));
        assertThat(call.interfaceName()).contains("org.freedesktop.DBus");
        assertThat(call.member()).contains("Hello");
        assertThat(call.destination()).contains("org.freedesktop.DBus");
        assertThat(call.body().values()).isEmpty();
    }

    @Test
    void readsWhatItWrites() {
        String signature = "ybnqiuxtdsogva{sv}a(sussu)aas(yx)a{oa{sa{sv}}}";
        List<Object> values = List.of(
                (byte) -1,
                true,
                (short) -2,
                65_535,
                -3,
                4_294_967_295L,
                Long.MIN_VALUE,
                -1L,
                0.5,
                "\u00e9\u20ac\ud83d\ude00",
                new ObjectPath("/a/b_2"),
                "a{sv}",
                Variant.of("x"),
                Map.of("k", new Variant("ai", List.of(1, 2))),
                List.of(List.of("eth0", 7L, "br0", "", 3L)),
                List.of(List.of("a", "b"), List.of()),
                List.of((byte) 1, 2L),
                Map.of(new ObjectPath("/c"), Map.of("i.f", Map.of("P", Variant.of(true)))));

        decoder.read(MessageEncoder.encode(call(signature, values), 9));

        assertThat(received.get(0).body().values()).isEqualTo(values);
        assertThat(received.get(0).serial()).isEqualTo(9);
    }

    @Test
    void readsMessagesInPiecesOfAnySize() {
        byte[] one = MessageEncoder.encode(call("sas", List.of("x", List.of("y", "z"))), 1);
        byte[] several =
                ByteBuffer.allocate(3 * one.length).put(one).put(one).put(one).array();
        for (int size = 1; size <= several.length; size++) {
            received.clear();
            for (int at = 0; at < several.length; at += size) {
                decoder.read(Arrays.copyOfRange(several, at, Math.min(several.length, at + size)));
            }
            assertThat(received).as("pieces of %d bytes", size).hasSize(3);
            assertThat(received.get(2).body().values()).isEqualTo(List.of("x", List.of("y", "z")));
        }
    }

    @Test
    void passesOverAMessageThatIsTooLong() {
        byte[] header = MessageEncoder.encode(call("s", List.of("x")), 1);
        int bytes = MessageDecoder.MESSAGE_BYTES_MAX;
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt(4, bytes);
        int rest = bytes - 6;
        decoder.read(header);
        for (int left = rest; left > 0; left -= 65_536) {
            decoder.read(new byte[Math.min(left, 65_536)]);
        }
        decoder.read(MessageEncoder.encode(call("s", List.of("after")), 2));

        assertThat(tooLong).containsExactly((long) header.length - 6 + bytes);
        assertThat(received)
                .singleElement()
                .satisfies(message -> assertThat(message.firstText()).contains("after"));
    }

    @Test
    void refusesMoreValuesThanALimit() {
        List<Object> bytes = new ArrayList<>();
        for (int i = 0; i <= ValueReader.VALUES_MAX; i++) {
            bytes.add((byte) 0);
        }
        decoder.read(MessageEncoder.encode(call("ay", List.of(bytes)), 1));

        assertThatThrownBy(() -> received.get(0).body().values()).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void refusesValuesThatDoNotFitTheirTypes() {
        assertThatThrownBy(() -> MessageEncoder.encode(call("s", List.of(1)), 1))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> MessageEncoder.encode(call("ss", List.of("x")), 1))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void refusesWhatIsNoSignature() {
        for (String wrong : List.of(
                "(", "()", "a", "a{s}", "a{vs}", "a{sss}", "z", "{ss}", "a".repeat(40) + "s", "y".repeat(256))) {
            assertThatThrownBy(() -> Signature.parse(wrong)).as(wrong).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void refusesAStreamThatIsNoMessage() {
        assertThatThrownBy(() -> decoder.read("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(MalformedMessageException.class);
    }

    private static BusMessage call(String signature, List<Object> values) {
        return BusMessage.call(new MemberAddress("a.b", new ObjectPath("/"), "i.f", "M"), Body.of(signature, values));
    }
}

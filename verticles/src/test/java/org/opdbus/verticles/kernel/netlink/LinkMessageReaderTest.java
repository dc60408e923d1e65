// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.events.Link.NO_NAMESPACE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Destination;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Gone;
import org.opdbus.verticles.kernel.netlink.LinkMessage.NamespaceForgotten;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Present;

/** Parses the bytes of a real kernel, see {@link CapturedMessages}. There, peer0 has index 2, host0 3 and br0 4. */
class LinkMessageReaderTest {
    private static final String LONG_NAME = "a-name-too-long-for-a-link";

    private static Link last(String capture) throws IOException {
        return CapturedMessages.messages(capture).stream()
                .filter(Present.class::isInstance)
                .map(message -> ((Present) message).link())
                .filter(link -> link.kind().equals("veth"))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void a_pair_is_read_with_kind_address_and_peer() throws IOException {
        assertThat(CapturedMessages.messages("pair-made"))
                .containsExactly(
                        new Present(new Link(
                                2,
                                new LinkName("peer0"),
                                List.of(),
                                "veth",
                                Optional.of("02:00:00:00:00:02"),
                                0,
                                NO_NAMESPACE,
                                0,
                                false,
                                false)),
                        new Present(new Link(
                                3,
                                new LinkName("host0"),
                                List.of(),
                                "veth",
                                Optional.of("02:00:00:00:00:01"),
                                2,
                                NO_NAMESPACE,
                                0,
                                false,
                                false)));
    }

    @Test
    void a_link_that_moves_away_is_gone_and_says_where_to() throws IOException {
        assertThat(CapturedMessages.messages("peer-moved"))
                .containsExactly(new Gone(2, Optional.of(new Destination(0, 2))));
    }

    @Test
    void a_new_name_comes_with_the_id_of_the_peers_namespace() throws IOException {
        Link renamed = last("renamed");

        assertThat(renamed.name()).isEqualTo(new LinkName("vi100"));
        assertThat(renamed.index()).isEqualTo(3);
        assertThat(renamed.peerIndex()).isEqualTo(2);
        assertThat(renamed.peerNamespace()).isZero();
        assertThat(renamed.isVethIntoNamespace()).isTrue();
    }

    @Test
    void flags_alternative_names_address_and_master_are_read() throws IOException {
        assertThat(last("up")).matches(Link::up).matches(link -> !link.carrier());
        assertThat(last("altname-added").altNames()).containsExactly(LONG_NAME);
        assertThat(last("mac-changed").mac()).contains("02:00:00:00:00:03");
        assertThat(last("bridge-joined").master()).isEqualTo(4);
        assertThat(last("bridge-left").master()).isZero();
    }

    @Test
    void leaving_a_bridge_is_not_taken_for_the_links_end() throws IOException {
        long deletions = CapturedMessages.datagrams("bridge-left").stream()
                .filter(datagram -> datagram.getShort(4) == LinkMessageReader.RTM_DELLINK)
                .count();

        assertThat(deletions).isPositive();
        assertThat(CapturedMessages.messages("bridge-left")).isNotEmpty().noneMatch(Gone.class::isInstance);
    }

    @Test
    void a_listing_has_every_link() throws IOException {
        assertThat(CapturedMessages.messages("listing"))
                .extracting(message -> ((Present) message).link().name().value())
                .containsExactly("lo", "vi100", "br0");
    }

    @Test
    void a_deleted_link_is_gone_and_went_nowhere() throws IOException {
        List<LinkMessage> messages = CapturedMessages.messages("deleted");

        // It was up: the kernel first reports that it is down, without its peer.
        assertThat(last("deleted")).matches(link -> !link.up()).matches(link -> link.peerIndex() == 0);
        assertThat(messages.get(messages.size() - 1)).isEqualTo(new Gone(3, Optional.empty()));
    }

    @Test
    void a_pair_made_into_a_namespace_has_its_id_from_the_beginning() throws IOException {
        assertThat(last("made-into-namespace")).matches(Link::isVethIntoNamespace);
    }

    @Test
    void a_namespace_is_forgotten_before_its_links_are_gone() throws IOException {
        List<LinkMessage> messages = CapturedMessages.messages("namespace-ended");

        assertThat(messages).hasSizeGreaterThan(1);
        assertThat(messages.get(0)).isEqualTo(new NamespaceForgotten(0));
        assertThat(messages.get(messages.size() - 1)).isInstanceOf(Gone.class);
    }

    @Test
    void a_datagram_cut_off_anywhere_says_at_most_what_it_said_whole() throws IOException {
        for (ByteBuffer whole : allDatagrams()) {
            int said = LinkMessageReader.read(whole).size();
            for (int length = 0; length < whole.limit(); length++) {
                byte[] start = new byte[length];
                whole.get(0, start);
                assertThat(LinkMessageReader.read(CapturedMessages.buffer(start)))
                        .hasSizeLessThanOrEqualTo(said);
            }
        }
    }

    @Test
    void bytes_changed_at_random_are_never_read_beyond_the_end() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        List<ByteBuffer> datagrams = allDatagrams();
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes =
                    datagrams.get(random.nextInt(datagrams.size())).array().clone();
            for (int changes = random.nextInt(8); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThat(LinkMessageReader.read(CapturedMessages.buffer(bytes)))
                    .as("-Dseed=" + seed)
                    .hasSizeLessThanOrEqualTo(bytes.length / NetlinkFormat.HEADER_BYTES);
        }
    }

    @Test
    void a_name_that_the_agent_could_not_write_down_hides_no_link() throws IOException {
        byte[] bytes =
                CapturedMessages.bytes(CapturedMessages.datagrams("renamed").get(0));
        int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("vi100");
        // The kernel takes an EM SPACE for three letters.
        System.arraycopy("\u2003".getBytes(StandardCharsets.UTF_8), 0, bytes, name + 1, 3);

        assertThat(LinkMessageReader.read(CapturedMessages.buffer(bytes)))
                .extracting(message -> ((Present) message).link().name().value())
                .containsExactly("v?0");
    }

    private static List<ByteBuffer> allDatagrams() throws IOException {
        List<ByteBuffer> all = new ArrayList<>();
        for (String capture : List.of(
                "pair-made", "peer-moved", "renamed", "altname-added", "bridge-left", "listing", "namespace-ended")) {
            all.addAll(CapturedMessages.datagrams(capture));
        }
        return all;
    }
}

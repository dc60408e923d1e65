// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Any bytes as a message about a link, an address, a route or a rule: it is read or ignored, and no length in it is trusted. */
final class NetworkListingFuzzTest {
    /** The first byte is the type of the message. */
    @FuzzTest
    void message(byte[] input) {
        if (input.length > 0) {
            assertThat(read(input[0] & 0xff, Arrays.copyOfRange(input, 1, input.length)))
                    .isLessThanOrEqualTo(1);
        }
    }

    /** Returns how many objects all readers together see in a message. */
    static long read(int type, byte[] bytes) {
        ByteBuffer payload = CapturedListings.buffer(bytes);
        Stream<Optional<?>> ofFamilies = Arrays.stream(IpFamily.values())
                .flatMap(family -> Stream.of(
                        ListedAddressReader.read(family, type, payload),
                        ListedRouteReader.read(family, type, payload),
                        ListedRuleReader.read(family, type, payload)));
        return Stream.concat(Stream.of(ListedLinkReader.read(type, payload)), ofFamilies)
                .filter(Optional::isPresent)
                .count();
    }
}

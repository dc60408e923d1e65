// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Any bytes in a datagram: messages are parsed or ignored, and no length in it is trusted. */
final class NetlinkFuzzTest {
    @FuzzTest
    void links(byte[] datagram) {
        List<LinkMessage> said =
                LinkMessageReader.read(ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder()));
        assertThat(said).doesNotContainNull().hasSizeLessThanOrEqualTo(datagram.length / 16);
    }
}

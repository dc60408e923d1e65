// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.time.Duration;
import org.opdbus.verticles.kernel.netlink.NetlinkException;

/** A program that begins to listen and prints why it could not; a test runs it without capabilities. */
final class WithoutRights {
    private WithoutRights() {}

    public static void main(String[] arguments) throws InterruptedException {
        LinkListener listener = new LinkListener(
                new Handover(1, () -> System.out.println("delivered")),
                Duration.ofDays(1),
                1 << 20,
                new ReadingPace(message -> true));
        try {
            listener.start();
            listener.stop();
        } catch (NetlinkException e) {
            System.out.println(e.reason() + " " + e.getMessage());
        }
    }
}

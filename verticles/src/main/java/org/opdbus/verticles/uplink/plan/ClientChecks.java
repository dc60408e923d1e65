// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;

/** A DHCP client that stays on a link would bring back the address there, or let it run out on the receiver. */
final class ClientChecks {
    private ClientChecks() {}

    static void add(Reasons reasons, UplinkPicture picture, ManagerPlan manager, String link) {
        picture.clients().getOrDefault(link, List.of()).stream()
                .filter(client -> !manager.takenOver().contains(client.pid()))
                .forEach(client -> reasons.add(
                        "the DHCP client " + client.program() + " (process " + client.pid() + ") keeps the address of "
                                + link + ", and it is not known how to make it serve another link",
                        "let the program that configures the network start it, or configure a fixed address first"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.host;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import org.opdbus.events.Link;

/** Reads the addresses of links from the kernel when a caller asks, on threads that may wait. */
final class LinkAddresses {
    private final Scheduler files;

    LinkAddresses(Scheduler files) {
        this.files = files;
    }

    /** Returns the first address of a link with its prefix, such as {@code 192.0.2.1/24}, IPv4 first; empty if it has none. */
    Single<String> of(Link link) {
        return Single.fromCallable(() -> read(link.index())).subscribeOn(files);
    }

    private static String read(int index) throws SocketException {
        NetworkInterface found = NetworkInterface.getByIndex(index);
        return found == null
                ? ""
                : found.getInterfaceAddresses().stream()
                        .min(Comparator.comparing(each -> !(each.getAddress() instanceof Inet4Address)))
                        .map(LinkAddresses::text)
                        .orElse("");
    }

    private static String text(InterfaceAddress each) {
        // An IPv6 address of link scope has the link after a percent sign.
        String address = each.getAddress().getHostAddress().split("%", 2)[0];
        return address + "/" + each.getNetworkPrefixLength();
    }
}

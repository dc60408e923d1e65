// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.util.List;

/** Links, addresses, routes and rules of every kind that is read, as commands of ip(8). */
final class NetworkScene {
    static final List<String> COMMANDS = List.of(
            "link set lo up",
            "link add a0 address 02:00:00:00:00:01 type veth peer name a1 address 02:00:00:00:00:02",
            "link add br9 address 02:00:00:00:00:03 type bridge",
            "link set a1 master br9",
            "link set br9 up",
            "link set a1 up",
            "link set a0 mtu 1400 alias words up",
            "link property add dev a0 altname a-name-too-long-for-a-link",
            "addr add 192.0.2.1/24 brd + dev a0 label a0:one",
            "addr add 192.0.2.2 peer 192.0.2.3/32 dev a0",
            "addr add 2001:db8::1/64 dev a0 nodad valid_lft 3600 preferred_lft 1800",
            "route add default via 192.0.2.254 dev a0 proto dhcp src 192.0.2.1 metric 100",
            "route add 10.0.0.0/8 proto bird nexthop via 192.0.2.10 dev a0 weight 2"
                    + " nexthop via 192.0.2.11 dev a0 weight 5",
            "route add blackhole 10.66.0.0/16",
            "route add 10.7.0.0/16 via inet6 2001:db8::9 dev a0 table 1000 mtu 1300",
            "route add 2001:db8:1::/48 via 2001:db8::2 dev a0 metric 50 expires 600",
            "route add unreachable 2001:db8:dead::/48",
            "route add 2001:db8:2::/48 nexthop via 2001:db8::3 dev a0 nexthop via 2001:db8::4 dev a0",
            "rule add from 10.0.0.0/8 iif a0 fwmark 0x1/0xff table 1000 priority 100",
            "rule add not to 192.0.2.0/24 ipproto tcp dport 80-90 uidrange 1000-2000 table 100 priority 200"
                    + " protocol dhcp",
            "rule add suppress_prefixlength 0 table main priority 300",
            "rule add goto 300 priority 250",
            "rule add l3mdev priority 999");

    /** A rule of IPv6, whose family a file of commands cannot name. */
    static final String[] IPV6_RULE = {"-6", "rule", "add", "from", "2001:db8::/32", "blackhole", "priority", "400"};

    private NetworkScene() {}
}

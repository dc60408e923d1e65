// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opdbus.verticles.uplink.plan.Step.Setting;

/**
 * The kernel's settings of a link that change how the host is reached over it (Documentation/networking/ip-sysctl.rst). What is
 * not in the list either cannot be written, or has nothing to do with the link's place ({@code stable_secret} is a secret, and the
 * planner refuses an address that is made from it).
 */
public final class LinkSettings {
    /** {@code disable_ipv6} of a link. */
    static final String NO_IPV6 = "net/ipv6/conf/*/disable_ipv6";
    /** The largest packet of IPv6, which a router can make smaller than the link's. */
    static final String IPV6_MTU = "net/ipv6/conf/*/mtu";
    /** How a link checks the sender of a packet: 0 not at all, 1 strictly, 2 loosely (RFC 3704). */
    static final String SENDER_CHECK = "net/ipv4/conf/*/rp_filter";
    /** For which of the host's addresses a link answers ARP requests; 8 is none. */
    static final String ARP_IGNORE = "net/ipv4/conf/*/arp_ignore";

    /** A link with these takes no packet for the host and says nothing of itself. */
    static final Map<String, String> DEAF = Map.of(NO_IPV6, "1", SENDER_CHECK, "1", ARP_IGNORE, "8");

    private static final String ANY_LINK = "*";

    private static final String IPV4 =
            "forwarding accept_local accept_redirects accept_source_route arp_accept arp_announce"
                    + " arp_evict_nocarrier arp_filter arp_ignore arp_notify bc_forwarding disable_policy disable_xfrm"
                    + " drop_gratuitous_arp drop_unicast_in_l2_multicast force_igmp_version ignore_routes_with_linkdown"
                    + " log_martians medium_id promote_secondaries proxy_arp proxy_arp_pvlan route_localnet rp_filter"
                    + " secure_redirects send_redirects shared_media src_valid_mark";

    /** {@code forwarding} is first: it changes what {@code accept_ra} means. */
    private static final String IPV6 = "forwarding disable_ipv6 mtu accept_dad accept_ra accept_ra_defrtr"
            + " accept_ra_from_local accept_ra_min_hop_limit accept_ra_min_lft accept_ra_mtu accept_ra_pinfo"
            + " accept_ra_rt_info_max_plen accept_ra_rt_info_min_plen accept_ra_rtr_pref accept_redirects"
            + " accept_source_route accept_untracked_na addr_gen_mode autoconf dad_transmits disable_policy"
            + " drop_unicast_in_l2_multicast drop_unsolicited_na enhanced_dad force_forwarding force_mld_version force_tllao hop_limit"
            + " ignore_routes_with_linkdown keep_addr_on_down max_addresses max_desync_factor ndisc_evict_nocarrier"
            + " ndisc_notify ndisc_tclass optimistic_dad proxy_ndp ra_defrtr_metric ra_honor_pio_life ra_honor_pio_pflag"
            + " regen_max_retry regen_min_advance"
            + " router_probe_interval router_solicitation_delay router_solicitation_interval"
            + " router_solicitation_max_interval router_solicitations seg6_enabled seg6_require_hmac"
            + " suppress_frag_ndisc temp_prefered_lft temp_valid_lft use_oif_addrs_only use_optimistic use_tempaddr";

    private static final String NEIGHBOURS = "anycast_delay app_solicit base_reachable_time_ms delay_first_probe_time"
            + " gc_stale_time locktime mcast_resolicit mcast_solicit proxy_delay proxy_qlen retrans_time_ms"
            + " ucast_solicit unres_qlen_bytes";

    private static final List<String> PATHS = Stream.of(
                    paths("net/ipv4/conf/*/", IPV4),
                    paths("net/ipv4/neigh/*/", NEIGHBOURS),
                    paths("net/ipv6/conf/*/", IPV6),
                    paths("net/ipv6/neigh/*/", NEIGHBOURS))
            .flatMap(List::stream)
            .toList();

    private LinkSettings() {}

    private static List<String> paths(String folder, String names) {
        return Stream.of(names.split(" ", -1)).map(name -> folder + name).toList();
    }

    /** Returns the paths below {@code /proc/sys} of the settings that a move carries over, with {@code *} for the link's name. */
    public static List<String> paths() {
        return PATHS;
    }

    /** Returns the file of a setting of a link. */
    static String file(String path, String link) {
        return "/proc/sys/" + path.replace(ANY_LINK, link);
    }

    /**
     * Returns the changes that give one link the settings of another. A setting that both links do not have is left out.
     *
     * @param now the settings of the link that gets them
     * @param wanted the settings of the link that has them
     */
    static List<Setting> changes(String link, Map<String, String> now, Map<String, String> wanted) {
        List<Setting> changes = new ArrayList<>();
        for (String path : PATHS) {
            if (now.containsKey(path) && wanted.containsKey(path)) {
                change(link, path, now.get(path), wanted.get(path), changes);
            }
        }
        return changes;
    }

    /** Returns settings with another value of one of them, if it is there. */
    static Map<String, String> with(Map<String, String> settings, String path, String value) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.replace(path, value);
        return changed;
    }

    /** Returns one of the settings, if it is there. */
    static Map<String, String> only(Map<String, String> settings, String path) {
        return settings.containsKey(path) ? Map.of(path, settings.get(path)) : Map.of();
    }

    private static void change(String link, String path, String before, String after, List<Setting> changes) {
        if (!before.equals(after)) {
            changes.add(new Setting(file(path, link), before, after));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.NetlinkAttributes;

/** Reads one message about a rule (RTM_NEWRULE). It ignores messages that are cut off or not valid. */
final class ListedRuleReader {
    static final int RTM_NEWRULE = 32;
    static final int HEADER_BYTES = 12;

    private static final int FIB_RULE_INVERT = 2;

    private final IpFamily family;
    private final ByteBuffer header;
    private long table;
    private long priority;
    private Optional<Long> goTo = Optional.empty();
    private int protocol;
    private Optional<String> source = Optional.empty();
    private Optional<String> destination = Optional.empty();
    private String inputLink = "";
    private String outputLink = "";
    private int mark;
    private int mask;
    private Optional<Integer> ipProtocol = Optional.empty();
    private Optional<String> sourcePorts = Optional.empty();
    private Optional<String> destinationPorts = Optional.empty();
    private Optional<String> users = Optional.empty();
    private int suppressedPrefix = -1;
    private boolean isMasterTable;

    private ListedRuleReader(IpFamily family, ByteBuffer payload) {
        this.family = family;
        header = payload;
        table = payload.get(4) & 0xff;
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, HEADER_BYTES);
        while (attributes.next()) {
            take(attributes);
        }
    }

    /** Returns the rule that the message is about; empty if it is about something else, another family, or cut off. */
    static Optional<ListedRule> read(IpFamily family, int type, ByteBuffer payload) {
        if (type != RTM_NEWRULE || payload.limit() < HEADER_BYTES || payload.get(0) != family.number()) {
            return Optional.empty();
        }
        return new ListedRuleReader(family, payload).rule();
    }

    private void take(NetlinkAttributes value) {
        switch (value.type()) {
            case RuleAttribute.DST -> destination = AttributeValues.address(value, family);
            case RuleAttribute.SRC -> source = AttributeValues.address(value, family);
            case RuleAttribute.IIFNAME -> inputLink = value.text();
            case RuleAttribute.OIFNAME -> outputLink = value.text();
            case RuleAttribute.GOTO -> goTo = AttributeValues.unsignedInt(value);
            case RuleAttribute.PRIORITY ->
                priority = AttributeValues.unsignedInt(value).orElse(0L);
            case RuleAttribute.FWMARK -> mark = value.number(0);
            case RuleAttribute.FWMASK -> mask = value.number(0);
            case RuleAttribute.TABLE ->
                table = AttributeValues.unsignedInt(value).orElse(table);
            case RuleAttribute.SUPPRESS_PREFIXLEN -> suppressedPrefix = value.number(-1);
            case RuleAttribute.L3MDEV ->
                isMasterTable = AttributeValues.unsignedByte(value).orElse(0) != 0;
            case RuleAttribute.PROTOCOL ->
                protocol = AttributeValues.unsignedByte(value).orElse(0);
            case RuleAttribute.IP_PROTO -> ipProtocol = AttributeValues.unsignedByte(value);
            case RuleAttribute.UID_RANGE -> users = users(AttributeValues.structure(value));
            case RuleAttribute.SPORT_RANGE -> sourcePorts = ports(AttributeValues.structure(value));
            case RuleAttribute.DPORT_RANGE -> destinationPorts = ports(AttributeValues.structure(value));
            default -> {
                // Nothing else concerns a listing.
            }
        }
    }

    private static Optional<String> users(ByteBuffer range) {
        return range.limit() == 2 * Integer.BYTES
                ? Optional.of(Integer.toUnsignedString(range.getInt(0))
                        + "-"
                        + Integer.toUnsignedString(range.getInt(Integer.BYTES)))
                : Optional.empty();
    }

    private static Optional<String> ports(ByteBuffer range) {
        return range.limit() == 2 * Short.BYTES
                ? Optional.of(
                        Short.toUnsignedInt(range.getShort(0)) + "-" + Short.toUnsignedInt(range.getShort(Short.BYTES)))
                : Optional.empty();
    }

    /** A rule without a mask is for every mark, and its mark is 0. */
    private Optional<String> marks() {
        return mask == 0 && mark == 0
                ? Optional.empty()
                : Optional.of("0x" + Integer.toHexString(mark) + "/0x" + Integer.toHexString(mask));
    }

    private Optional<ListedRule> rule() {
        int prefix = header.get(1) & 0xff;
        int sourcePrefix = header.get(2) & 0xff;
        if (prefix > family.prefixMax() || sourcePrefix > family.prefixMax()) {
            return Optional.empty();
        }
        return Optional.of(new ListedRule(
                family,
                priority,
                header.get(7) & 0xff,
                table,
                goTo,
                protocol,
                (header.getInt(8) & FIB_RULE_INVERT) != 0,
                source.map(address -> address + "/" + sourcePrefix),
                destination.map(address -> address + "/" + prefix),
                inputLink,
                outputLink,
                marks(),
                header.get(3) & 0xff,
                ipProtocol,
                sourcePorts,
                destinationPorts,
                users,
                suppressedPrefix,
                isMasterTable));
    }
}

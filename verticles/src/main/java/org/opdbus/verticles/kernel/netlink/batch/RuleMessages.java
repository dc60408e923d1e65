// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.batch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch.Request;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.kernel.netlink.listing.RuleAttribute;

/** Requests that add rules and remove them (RTM_NEWRULE and RTM_DELRULE, {@code linux/fib_rules.h}). */
public final class RuleMessages {
    private static final int RTM_NEWRULE = 32;
    private static final int RTM_DELRULE = 33;
    private static final int NLM_F_EXCL = 0x200;
    private static final int NLM_F_CREATE = 0x400;
    private static final int HEADER_BYTES = 12;
    private static final int FIB_RULE_INVERT = 2;
    private static final int TABLE_BYTE_MAX = 255;

    private RuleMessages() {}

    /**
     * Returns the request that adds a rule.
     *
     * @param links the name of the link that the new rule has for a link of this rule
     */
    public static Request add(ListedRule rule, UnaryOperator<String> links) {
        return new Request(
                RTM_NEWRULE,
                NLM_F_CREATE | NLM_F_EXCL,
                body(rule, links).done(),
                Set.of("EEXIST"),
                "add the rule " + rule.priority() + " for table " + rule.table());
    }

    /** Returns the request that removes a rule. */
    public static Request remove(ListedRule rule) {
        return new Request(
                RTM_DELRULE,
                0,
                body(rule, UnaryOperator.identity()).done(),
                Set.of("ENOENT"),
                "remove the rule " + rule.priority() + " for table " + rule.table());
    }

    private static MessageBody body(ListedRule rule, UnaryOperator<String> links) {
        MessageBody body = new MessageBody(HEADER_BYTES)
                .byteAt(0, rule.family().number())
                .byteAt(1, rule.destination().map(MessageBody::prefixOf).orElse(0))
                .byteAt(2, rule.source().map(MessageBody::prefixOf).orElse(0))
                .byteAt(3, rule.tos())
                .byteAt(4, rule.table() > TABLE_BYTE_MAX ? 0 : (int) rule.table())
                .byteAt(7, rule.action())
                .intAt(8, rule.isInverted() ? FIB_RULE_INVERT : 0)
                .attribute(RuleAttribute.PRIORITY, (int) rule.priority())
                .attribute(RuleAttribute.TABLE, (int) rule.table());
        rule.destination().ifPresent(network -> body.address(RuleAttribute.DST, MessageBody.addressOf(network)));
        rule.source().ifPresent(network -> body.address(RuleAttribute.SRC, MessageBody.addressOf(network)));
        if (!rule.inputLink().isEmpty()) {
            body.attribute(RuleAttribute.IIFNAME, links.apply(rule.inputLink()));
        }
        if (!rule.outputLink().isEmpty()) {
            body.attribute(RuleAttribute.OIFNAME, links.apply(rule.outputLink()));
        }
        selectors(rule, body);
        return body;
    }

    private static void selectors(ListedRule rule, MessageBody body) {
        rule.goTo().ifPresent(priority -> body.attribute(RuleAttribute.GOTO, priority.intValue()));
        rule.mark().ifPresent(mark -> {
            int slash = mark.indexOf('/');
            body.attribute(
                    RuleAttribute.FWMARK, Long.decode(mark.substring(0, slash)).intValue());
            body.attribute(
                    RuleAttribute.FWMASK, Long.decode(mark.substring(slash + 1)).intValue());
        });
        if (rule.suppressedPrefix() >= 0) {
            body.attribute(RuleAttribute.SUPPRESS_PREFIXLEN, rule.suppressedPrefix());
        }
        if (rule.isMasterTable()) {
            body.attribute(RuleAttribute.L3MDEV, (byte) 1);
        }
        if (rule.protocol() != 0) {
            body.attribute(RuleAttribute.PROTOCOL, (byte) rule.protocol());
        }
        rule.users().ifPresent(users -> body.attribute(RuleAttribute.UID_RANGE, range(users, Integer.BYTES)));
        rule.ipProtocol().ifPresent(number -> body.attribute(RuleAttribute.IP_PROTO, (byte) number.intValue()));
        rule.sourcePorts().ifPresent(ports -> body.attribute(RuleAttribute.SPORT_RANGE, range(ports, Short.BYTES)));
        rule.destinationPorts()
                .ifPresent(ports -> body.attribute(RuleAttribute.DPORT_RANGE, range(ports, Short.BYTES)));
    }

    /** Returns two numbers of this many bytes each, from {@code FIRST-LAST}. */
    private static byte[] range(String text, int bytes) {
        int hyphen = text.indexOf('-');
        ByteBuffer range = ByteBuffer.allocate(2 * bytes).order(ByteOrder.nativeOrder());
        for (String number : new String[] {text.substring(0, hyphen), text.substring(hyphen + 1)}) {
            long value = Long.parseLong(number);
            if (bytes == Short.BYTES) {
                range.putShort((short) value);
            } else {
                range.putInt((int) value);
            }
        }
        return range.array();
    }
}

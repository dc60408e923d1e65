// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.TrustBundle.Issued;

/**
 * How many certificates a member may have. Every certificate is a row of the trust bundle until it expires, and all
 * members receive the trust bundle, so one member must not be able to make it grow.
 *
 * <p>A member asks for one after eight months, and when the CA is replaced. It may ask for four in a day. It has at
 * most four valid ones: when it gets a fifth, the oldest is revoked. At most 32 are unexpired, including the revoked
 * ones, which the revocation list must name until they expire. At that limit the member is refused until one expires
 * or an operator admits it again. All of this follows from the trust bundle, so a restart of the agent changes
 * nothing.
 */
public final class RenewalLimits {
    public static final int A_DAY_MAX = 4;
    public static final int HOLDING_MAX = 4;
    public static final int IN_DATE_MAX = 32;

    private static final Duration DAY = Duration.ofDays(1);

    private RenewalLimits() {}

    /**
     * Checks that a member may have one more.
     *
     * @throws MembershipException REFUSED with the time when it may, and other remedies
     */
    static void check(String host, List<Issued> all, Instant now) {
        List<Issued> own = own(host, all, now);
        List<Issued> today = own.stream()
                .filter(each -> !each.isRemoved() && issuedAt(each).isAfter(now.minus(DAY)))
                .toList();
        if (today.size() >= A_DAY_MAX) {
            throw new MembershipException(
                    Reason.REFUSED,
                    host + " got " + A_DAY_MAX + " certificates in a day and may have the next at "
                            + issuedAt(today.get(0)).plus(DAY));
        }
        if (own.size() >= IN_DATE_MAX) {
            throw new MembershipException(
                    Reason.REFUSED,
                    host + " has " + IN_DATE_MAX + " certificates that have not expired and may "
                            + "have the next at "
                            + own.get(0).expires()
                            + "; to admit it sooner, run \"op-dbus cluster remove " + host
                            + "\" on the host that holds the CA, and join it again with --replace");
        }
    }

    /**
     * Returns the rows of a trust bundle after one of this host was added; revokes its oldest ones if too many are
     * valid.
     */
    static List<Issued> withoutOld(String host, List<Issued> all, Instant now) {
        int surplus = (int) own(host, all, now).stream()
                        .filter(each -> !each.isRemoved())
                        .count()
                - HOLDING_MAX;
        List<Issued> kept = new ArrayList<>();
        for (Issued each : all) {
            boolean isOld = surplus > 0
                    && each.host().equals(host)
                    && !each.isRemoved()
                    && each.expires().isAfter(now);
            kept.add(isOld ? each.removedAt(now) : each);
            surplus -= isOld ? 1 : 0;
        }
        return kept;
    }

    private static List<Issued> own(String host, List<Issued> all, Instant now) {
        return all.stream()
                .filter(each -> each.host().equals(host) && each.expires().isAfter(now))
                .toList();
    }

    /** Every member's certificate is valid for the same time. */
    private static Instant issuedAt(Issued issued) {
        return issued.expires().minus(Authority.MEMBER_LIFE);
    }
}

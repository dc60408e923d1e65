// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.util.Map;

/**
 * An entry that has no height, time and hash yet.
 *
 * <p>Immutable: {@code data} is copied. It may hold strings, booleans, lists and maps of these, and numbers that JSON
 * carries exactly (integers up to 2^53 and finite doubles); integers become {@link Long}, other numbers {@link
 * Double}. Any other value, null included, is refused with {@link LedgerException.Reason#BAD_DRAFT}.
 *
 * @param kind what happened, such as {@code container.enrolled}
 * @param subject what it happened to: a container's id, a link's name
 * @param data all other data to keep
 */
public record Draft(String kind, String subject, Map<String, Object> data) {
    public Draft {
        DraftValues.checkName("kind", kind);
        DraftValues.checkName("subject", subject);
        data = DraftValues.copy(data);
    }
}

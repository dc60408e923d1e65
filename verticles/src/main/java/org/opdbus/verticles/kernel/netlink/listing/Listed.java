// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.util.List;

/**
 * What a listing has.
 *
 * @param items what was kept, in the kernel's order
 * @param leftOut how many more there were than the limit allows
 * @param isConsistent false if the kernel reported changes during each attempt to list: something can be missing, or be there twice
 */
public record Listed<T>(List<T> items, long leftOut, boolean isConsistent) {
    public Listed {
        items = List.copyOf(items);
    }
}

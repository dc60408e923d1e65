// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import org.opdbus.verticles.fuse.tree.FileTree;

/** The numbers of the nodes that there are once, and their names. */
final class FixedNode {
    static final int ROOT = (int) FileTree.ROOT;
    static final int BY_UUID = 2;
    static final int BY_NAME = 3;
    static final int ALIASES = 4;
    static final int CONTAINERS = 5;
    static final int PROXMOX = 6;
    static final int LEDGER = 7;
    static final int HEAD = 8;
    static final int STALE = 9;
    static final int DESIRED = 10;
    static final int RESULT = 11;
    static final int ERROR = 12;
    /** And one for each table behind it. */
    static final int ROWS_FIRST = 16;
    /** And one for each table behind it. */
    static final int NAMES_FIRST = 32;

    static final String HEAD_NAME = "head";
    static final String STALE_NAME = ".stale";
    static final String DESIRED_NAME = "desired.json";
    static final String RESULT_NAME = ".result";
    static final String ERROR_NAME = ".error";

    private FixedNode() {}
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import java.util.List;
import org.opdbus.verticles.dbus.portagent.PortAgentFace.Sources;
import org.opdbus.verticles.dbus.service.MethodSpec;

/** The methods on the ledger, which older programs call a blockchain, and its entries blocks. */
final class LedgerMethods {
    private LedgerMethods() {}

    static List<MethodSpec<Sources>> all(LedgerSearch ledger) {
        return List.of(
                MethodSpec.named("GetBlockchainStats", "get_blockchain_stats")
                        .out("json", "s")
                        .does((host, call) -> ledger.statistics().map(List::<Object>of)),
                MethodSpec.named("GetBlocksByCategory", "get_blocks_by_category")
                        .in("category", "s")
                        .out("json", "s")
                        .does((host, call) -> ledger.ofCategory(call.text(0)).map(List::<Object>of)),
                MethodSpec.named("GetBlocksByHeight", "get_blocks_by_height")
                        .in("start", "t")
                        .in("end", "t")
                        .out("json", "s")
                        .does((host, call) ->
                                ledger.between(call.number(0), call.number(1)).map(List::<Object>of)),
                MethodSpec.named("GetBlockByHash", "get_block_by_hash")
                        .in("hash", "s")
                        .out("json", "s")
                        .does((host, call) -> ledger.ofHash(call.text(0)).map(List::<Object>of)),
                MethodSpec.named("VerifyBlockchainIntegrity", "verify_blockchain_integrity")
                        .out("result", "s")
                        .does((host, call) -> ledger.integrity().map(List::<Object>of)));
    }
}

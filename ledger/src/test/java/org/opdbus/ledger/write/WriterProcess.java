// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;

/**
 * A process that writes a ledger as fast as it can until it is killed, and prints the height and hash of each entry once
 * it is acknowledged.
 */
public final class WriterProcess {
    private static final int WAITING = 64;

    private WriterProcess() {}

    /**
     * Writes until killed, or until as many entries are on disk as are asked for.
     *
     * @param arguments the directory, the bytes that a segment may have, and perhaps how many entries
     */
    public static void main(String[] arguments) throws InterruptedException {
        LedgerOptions options =
                LedgerOptions.of(Path.of(arguments[0]), "host1").withSegmentBytesMax(Long.parseLong(arguments[1]));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        Semaphore room = new Semaphore(WAITING);
        try (FileLedger ledger = FileLedger.open(options)) {
            long count = arguments.length > 2 ? Long.parseLong(arguments[2]) : Long.MAX_VALUE;
            for (long i = 0; i < count; i++) {
                room.acquire();
                var unused = ledger.append(new Draft("link.appeared", "veth" + i, Map.of("n", i, "text", "é\n\u0001")))
                        .thenAccept(entry -> {
                            out.println(entry.height() + " " + entry.hash());
                            room.release();
                        });
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.opdbus.verticles.testing.JavaProgram;

/** How long TCP takes to another host and back: the lower limit for a message. */
final class RoundTrips {
    private static final int PORT = 4711;
    private static final int BYTES = 300;
    private static final int ROUNDS = 2_000;
    /** After this many, the asking and the answering program are compiled. */
    private static final int ROUNDS_BEFORE = 5_000;

    private RoundTrips() {}

    /**
     * Without arguments it answers one peer by echo, until that disconnects. With an address it sends requests there,
     * and prints how many nanoseconds each answer took.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            answer();
        } else {
            ask(arguments[0]);
        }
    }

    private static void answer() throws IOException {
        try (ServerSocket door = new ServerSocket(PORT)) {
            System.out.println(JavaProgram.READY);
            try (Socket peer = door.accept()) {
                peer.setTcpNoDelay(true);
                byte[] heard = new byte[4096];
                for (int count = peer.getInputStream().read(heard);
                        count >= 0;
                        count = peer.getInputStream().read(heard)) {
                    peer.getOutputStream().write(heard, 0, count);
                }
            }
        }
    }

    private static void ask(String address) throws IOException {
        long[] took = new long[ROUNDS];
        try (Socket peer = new Socket(address, PORT)) {
            peer.setTcpNoDelay(true);
            DataInputStream answers = new DataInputStream(peer.getInputStream());
            byte[] message = new byte[BYTES];
            for (int round = -ROUNDS_BEFORE; round < ROUNDS; round++) {
                long begun = System.nanoTime();
                peer.getOutputStream().write(message);
                answers.readFully(message);
                if (round >= 0) {
                    took[round] = System.nanoTime() - begun;
                }
            }
        }
        for (long nanos : took) {
            System.out.println(nanos);
        }
    }
}

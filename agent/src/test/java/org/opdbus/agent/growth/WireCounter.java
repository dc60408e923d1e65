// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Counts the bytes to and from an agent. */
public interface WireCounter {
    /**
     * The bytes so far.
     *
     * @param in to the agent
     * @param out from it
     */
    record Bytes(long in, long out) {}

    Bytes read() throws IOException;

    /** Returns what exactly is counted, for people. */
    String what();

    /** Counts what passes this namespace's end of the link to the agent's host. */
    static WireCounter ofLink(String link) {
        Path statistics = Path.of("/sys/class/net", link, "statistics");
        return new WireCounter() {
            @Override
            public Bytes read() throws IOException {
                return new Bytes(counter("tx_bytes"), counter("rx_bytes"));
            }

            private long counter(String name) throws IOException {
                return Long.parseLong(Files.readString(statistics.resolve(name)).strip());
            }

            @Override
            public String what() {
                return "frames on the wire";
            }
        };
    }

    /**
     * Asks nats-servers about the connection of this name, which one of them has.
     *
     * @param servers each returns a page of a server's state
     */
    static WireCounter ofConnection(String name, List<Function<String, String>> servers) {
        ObjectMapper json = new ObjectMapper();
        return new WireCounter() {
            @Override
            public Bytes read() throws IOException {
                long in = 0;
                long out = 0;
                for (Function<String, String> server : servers) {
                    for (JsonNode each :
                            json.readTree(server.apply("connz?limit=10000")).path("connections")) {
                        if (each.path("name").asText().equals(name)) {
                            // What goes into the server comes from the agent.
                            out += each.path("in_bytes").asLong();
                            in += each.path("out_bytes").asLong();
                        }
                    }
                }
                return new Bytes(in, out);
            }

            @Override
            public String what() {
                return "as the NATS server counts, without TLS";
            }
        };
    }
}

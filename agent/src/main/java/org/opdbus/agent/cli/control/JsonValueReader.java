// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Makes something of a JSON value while it is read. */
@FunctionalInterface
public interface JsonValueReader<T> {
    /** Reads the value that the parser is at, up to and with its last token. */
    T read(JsonParser at) throws IOException;
}

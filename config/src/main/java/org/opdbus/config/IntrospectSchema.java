// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The published schema of what {@code op-dbus introspect} prints. */
public final class IntrospectSchema {
    private static final String SCHEMA = "introspect.schema.json";

    private IntrospectSchema() {}

    /** Returns the JSON Schema (draft 2020-12). */
    public static String text() {
        try (InputStream in = Objects.requireNonNull(IntrospectSchema.class.getResourceAsStream(SCHEMA), SCHEMA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new IllegalStateException("the schema is part of this module", impossible);
        }
    }
}

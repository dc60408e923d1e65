// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.opdbus.verticles.dbus.service.PropertySpec.Emits;

/** Describes an object in the form of section "Introspection Data Format". Names in it never need to be escaped. */
public final class IntrospectionXml {
    private static final String DOCUMENT_TYPE = """
            <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
            """;

    private final StringBuilder xml = new StringBuilder(DOCUMENT_TYPE);

    private IntrospectionXml() {}

    /** Returns the description of an object with these interfaces and these next elements of paths below it. */
    static String of(List<Served<?>> interfaces, Collection<String> children) {
        IntrospectionXml writer = new IntrospectionXml();
        writer.xml.append("<node>\n");
        interfaces.forEach(each -> writer.describe(each.spec()));
        children.forEach(child -> writer.line(1, "node name=\"" + child + "\"/"));
        return writer.xml.append("</node>\n").toString();
    }

    /** Returns the description of one interface, as a document of its own. */
    public static String of(InterfaceSpec<?> spec) {
        IntrospectionXml writer = new IntrospectionXml();
        writer.xml.append("<node>\n");
        writer.describe(spec);
        return writer.xml.append("</node>\n").toString();
    }

    private void describe(InterfaceSpec<?> spec) {
        line(1, "interface name=\"" + spec.name() + "\"");
        spec.methods().forEach(method -> {
            line(2, "method name=\"" + method.name() + "\"");
            method.in().forEach(argument -> argument(argument, " direction=\"in\""));
            method.out().forEach(argument -> argument(argument, " direction=\"out\""));
            line(2, "/method");
        });
        spec.signals().forEach(signal -> {
            line(2, "signal name=\"" + signal.name() + "\"");
            signal.arguments().forEach(argument -> argument(argument, ""));
            line(2, "/signal");
        });
        spec.properties().forEach(this::property);
        line(1, "/interface");
    }

    private void argument(Argument argument, String direction) {
        line(3, "arg name=\"" + argument.name() + "\" type=\"" + argument.type() + "\"" + direction + "/");
    }

    private void property(PropertySpec<?> property) {
        String text = "property name=\"" + property.name() + "\" type=\"" + property.type() + "\" access=\"read\"";
        if (property.emits() == Emits.TRUE) {
            line(2, text + "/");
            return;
        }
        line(2, text);
        line(
                3,
                "annotation name=\"org.freedesktop.DBus.Property.EmitsChangedSignal\" value=\""
                        + property.emits().name().toLowerCase(Locale.ROOT) + "\"/");
        line(2, "/property");
    }

    private void line(int depth, String tag) {
        xml.append("  ".repeat(depth)).append('<').append(tag).append(">\n");
    }
}

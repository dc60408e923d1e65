// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import java.util.Optional;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.json.JsonReader;

/** Assigns the keys of a container's properties to components. */
final class StateValues {
    private StateValues() {}

    /** Returns the properties in an object; use them only if the reader has no problems afterwards. */
    static ContainerProperties read(JsonReader json, EntryForm form) {
        if (form.isAttachment()) {
            return attachment(json, form);
        }
        Addresses addresses = addresses(json);
        return new ContainerProperties(
                json.oneOf("network_type", NetworkType.class),
                addresses.ipv4(),
                addresses.gateway(),
                json.integer("vlan", ContainerProperties.VLAN),
                json.string("netmaker_token_env", ContainerProperties.NETMAKER_TOKEN_ENV),
                json.string("template", ContainerProperties.TEMPLATE),
                json.string("hostname", ContainerProperties.HOSTNAME),
                json.integer("memory", ContainerProperties.MEMORY),
                json.integer("swap", ContainerProperties.SWAP),
                json.integer("cores", ContainerProperties.CORES),
                json.string("rootfs", ContainerProperties.ROOTFS),
                json.bool("unprivileged"),
                json.string("features", ContainerProperties.FEATURES),
                json.bool("onboot"),
                json.string("nameserver", ContainerProperties.NAMESERVER),
                json.string("searchdomain", ContainerProperties.SEARCHDOMAIN));
    }

    /** Reads the properties that this form has; every other key stays unknown. */
    private static ContainerProperties attachment(JsonReader json, EntryForm form) {
        Optional<Long> vlan = json.integer("vlan", ContainerProperties.VLAN);
        if (!form.kind().isEngine()) {
            return ContainerProperties.ofAttachment(Optional.empty(), Addresses.NONE, vlan, Optional.empty());
        }
        return ContainerProperties.ofAttachment(
                json.oneOf("network_type", NetworkType.class),
                addresses(json),
                vlan,
                json.string("netmaker_token_env", ContainerProperties.NETMAKER_TOKEN_ENV));
    }

    private static Addresses addresses(JsonReader json) {
        Optional<Ipv4Cidr> ipv4 = json.parsed("ipv4", Ipv4Cidr::parse);
        Optional<Ipv4Address> gateway = json.parsed("gateway", Ipv4Address::parse);
        // An error in the address is reported once, and not again for its gateway.
        Optional<String> violation = json.has("ipv4") && ipv4.isEmpty()
                ? Optional.empty()
                : ContainerProperties.gatewayViolation(ipv4, gateway);
        violation.ifPresent(message -> json.refuse("gateway", message));
        return new Addresses(ipv4, violation.isPresent() || ipv4.isEmpty() ? Optional.empty() : gateway);
    }

    /** A static address and the router that is reached through it. */
    record Addresses(Optional<Ipv4Cidr> ipv4, Optional<Ipv4Address> gateway) {
        static final Addresses NONE = new Addresses(Optional.empty(), Optional.empty());
    }
}

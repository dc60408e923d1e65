// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.json.JsonReader;
import org.opdbus.config.json.KeyPath;
import org.opdbus.config.json.Limit;
import org.opdbus.config.json.Problem;
import org.opdbus.events.ContainerId;

/**
 * The settings of a container in a state file, other than its name, link and bridge. An absent setting has its
 * default when the container is created; afterwards op-dbus ignores it.
 *
 * @param networkType the type of network
 * @param ipv4 the static address of its first link
 * @param gateway its default router; only with {@code ipv4}
 * @param vlan the access VLAN of its port
 * @param netmakerTokenEnv the key of the enrolment token in {@code netmaker.env}; never the token
 * @param template what it is made from: the name of an {@code lxc-create} template, or the volume of a Proxmox
 * template
 * @param hostname the container's own host name
 * @param memory the largest amount of memory, in MiB
 * @param swap the largest amount of swap in addition to the memory, in MiB
 * @param cores the largest amount of processor time, in processors
 * @param rootfs where its files are: a folder for LXC, {@code STORAGE:SIZE} for Proxmox
 * @param unprivileged whether its root is an unprivileged user on the host
 * @param features Proxmox's list of features, {@code nesting=1,fuse=1}
 * @param onboot whether it is started with the host
 * @param nameserver one or more addresses, with spaces or commas between
 * @param searchdomain one or more domains, with spaces or commas between
 */
public record ContainerProperties(
        Optional<NetworkType> networkType,
        Optional<Ipv4Cidr> ipv4,
        Optional<Ipv4Address> gateway,
        Optional<Long> vlan,
        Optional<String> netmakerTokenEnv,
        Optional<String> template,
        Optional<String> hostname,
        Optional<Long> memory,
        Optional<Long> swap,
        Optional<Long> cores,
        Optional<String> rootfs,
        Optional<Boolean> unprivileged,
        Optional<String> features,
        Optional<Boolean> onboot,
        Optional<String> nameserver,
        Optional<String> searchdomain) {
    /** The default key of the token. */
    public static final String NETMAKER_TOKEN_ENV_DEFAULT = "NETMAKER_TOKEN";

    static final long VLAN_MAX = 4094;
    static final long MEMORY_MIB_MIN = 16;
    static final long MIB_MAX = 16_777_216;
    static final long CORES_MAX = 8192;
    static final int TEXT_LENGTH_MAX = 255;

    static final String TOKEN_ENV_PATTERN = "[A-Za-z_][A-Za-z0-9_]{0,63}";
    static final String HOSTNAME_PATTERN =
            "(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*";
    static final String TEMPLATE_PATTERN = "[A-Za-z0-9/][A-Za-z0-9._:/+@~-]{0,254}";
    static final String ROOTFS_PATTERN = "[A-Za-z0-9/][A-Za-z0-9._:/=,+@~-]{0,254}";
    static final String FEATURES_PATTERN =
            "(?=.{1,255}$)[a-z][a-z_]*=[A-Za-z0-9;._-]+(,[a-z][a-z_]*=[A-Za-z0-9;._-]+)*";

    static final Limit<Long> VLAN = Limit.range(1, VLAN_MAX);
    static final Limit<Long> MEMORY = Limit.range(MEMORY_MIB_MIN, MIB_MAX);
    static final Limit<Long> SWAP = Limit.range(0, MIB_MAX);
    static final Limit<Long> CORES = Limit.range(1, CORES_MAX);
    static final Limit<String> NETMAKER_TOKEN_ENV = ContainerProperties::tokenEnvViolation;
    static final Limit<String> TEMPLATE =
            matching(TEMPLATE_PATTERN, "must be the name of a template, without spaces and not beginning with a dash");
    static final Limit<String> HOSTNAME = matching(
            HOSTNAME_PATTERN,
            "must be a host name of 1 to 64 letters, digits and inner dashes, in parts with dots between");
    static final Limit<String> ROOTFS =
            matching(ROOTFS_PATTERN, "must be a path (LXC) or STORAGE:SIZE (Proxmox), without spaces");
    static final Limit<String> FEATURES = matching(FEATURES_PATTERN, "must be a list like nesting=1,fuse=1");
    static final Limit<String> NAMESERVER = NameLists::addressesViolation;
    static final Limit<String> SEARCHDOMAIN = NameLists::domainsViolation;

    public ContainerProperties {
        vlan.ifPresent(value -> VLAN.check("vlan", value));
        netmakerTokenEnv.ifPresent(value -> NETMAKER_TOKEN_ENV.check("netmaker_token_env", value));
        template.ifPresent(value -> TEMPLATE.check("template", value));
        hostname.ifPresent(value -> HOSTNAME.check("hostname", value));
        memory.ifPresent(value -> MEMORY.check("memory", value));
        swap.ifPresent(value -> SWAP.check("swap", value));
        cores.ifPresent(value -> CORES.check("cores", value));
        rootfs.ifPresent(value -> ROOTFS.check("rootfs", value));
        features.ifPresent(value -> FEATURES.check("features", value));
        nameserver.ifPresent(value -> NAMESERVER.check("nameserver", value));
        searchdomain.ifPresent(value -> SEARCHDOMAIN.check("searchdomain", value));
        gatewayViolation(ipv4, gateway).ifPresent(message -> {
            throw new IllegalArgumentException(new Problem("gateway", message).toString());
        });
    }

    /** Settings without any value. */
    public static ContainerProperties none() {
        return of(Map.of());
    }

    /** The settings of a workload that another program makes. */
    static ContainerProperties ofAttachment(
            Optional<NetworkType> networkType,
            StateValues.Addresses addresses,
            Optional<Long> vlan,
            Optional<String> netmakerTokenEnv) {
        return new ContainerProperties(
                networkType,
                addresses.ipv4(),
                addresses.gateway(),
                vlan,
                netmakerTokenEnv,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Parses a map such as {@link #toMap()} returns.
     *
     * @throws IllegalArgumentException with every error in it
     */
    public static ContainerProperties of(Map<String, Object> map) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        map.forEach((key, value) -> object.set(key, node(value)));
        JsonReader json = JsonReader.of(object, KeyPath.Notation.DOTTED);
        ContainerProperties properties = StateValues.read(json, EntryForm.of(ContainerId.Kind.LXC));
        List<Problem> problems = json.problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
        return properties;
    }

    /**
     * Returns the given settings, by the keys and in the types of the state file ({@code String}, {@code Long},
     * {@code Boolean}), in the order in which {@link StateWriter} writes them.
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        networkType.ifPresent(value -> map.put("network_type", JsonReader.nameInFiles(value)));
        ipv4.ifPresent(value -> map.put("ipv4", value.toString()));
        gateway.ifPresent(value -> map.put("gateway", value.toString()));
        vlan.ifPresent(value -> map.put("vlan", value));
        netmakerTokenEnv.ifPresent(value -> map.put("netmaker_token_env", value));
        template.ifPresent(value -> map.put("template", value));
        hostname.ifPresent(value -> map.put("hostname", value));
        memory.ifPresent(value -> map.put("memory", value));
        swap.ifPresent(value -> map.put("swap", value));
        cores.ifPresent(value -> map.put("cores", value));
        rootfs.ifPresent(value -> map.put("rootfs", value));
        unprivileged.ifPresent(value -> map.put("unprivileged", value));
        features.ifPresent(value -> map.put("features", value));
        onboot.ifPresent(value -> map.put("onboot", value));
        nameserver.ifPresent(value -> map.put("nameserver", value));
        searchdomain.ifPresent(value -> map.put("searchdomain", value));
        return Collections.unmodifiableMap(map);
    }

    /** Returns the error in a gateway for this address, as a sentence without its subject. */
    static Optional<String> gatewayViolation(Optional<Ipv4Cidr> ipv4, Optional<Ipv4Address> gateway) {
        if (gateway.isEmpty()) {
            return Optional.empty();
        }
        if (ipv4.isEmpty()) {
            return Optional.of("needs ipv4 too: without an address no router can be reached");
        }
        Ipv4Cidr own = ipv4.get();
        if (own.address().equals(gateway.get())) {
            return Optional.of("must be another address than the container's own, is " + gateway.get());
        }
        // A host that is alone in its network (/32) has its router outside of it, and gets an
        // on-link route.
        if (own.prefix() < 32 && !own.reaches(gateway.get())) {
            return Optional.of(
                    "must be the address of a host in the network of ipv4, " + own + ", is " + gateway.get());
        }
        return Optional.empty();
    }

    private static JsonNode node(Object value) {
        if (value instanceof Number number) {
            return JsonNodeFactory.instance.numberNode(number.longValue());
        }
        return value instanceof Boolean truth
                ? JsonNodeFactory.instance.booleanNode(truth)
                : JsonNodeFactory.instance.textNode(value.toString());
    }

    /** Never shows the value, because a user may have put the token here by mistake. */
    private static Optional<String> tokenEnvViolation(String value) {
        return value.matches(TOKEN_ENV_PATTERN)
                ? Optional.empty()
                : Optional.of("must be the name of a key in netmaker.env (1 to 64 letters, digits and _, not beginning"
                        + " with a digit), never the token itself");
    }

    private static Limit<String> matching(String pattern, String message) {
        Pattern compiled = Pattern.compile(pattern);
        return Limit.that(value -> compiled.matcher(value).matches(), message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.json.ConfigException.Reason;
import org.opdbus.config.json.Problem;
import org.opdbus.config.testing.JsonSchema;

/** Every way to get a state file wrong, each with the place and the reason that its author is told. */
final class MalformedStateTest {
    private static final String FIRST = "/plugins/lxc/containers/0";
    private static final String PROPERTIES = FIRST + "/properties";
    private static final Path FILE = Path.of("state.json");

    /** Whether the published schema can tell, too. */
    private enum Schema {
        REFUSES,
        CANNOT_TELL
    }

    private record Case(String text, String pointer, String reason, Schema schema) {
        @Override
        public String toString() {
            return pointer + ": " + reason;
        }
    }

    static Stream<Case> wrongValues() {
        return Stream.of(documents(), containers(), links(), addresses(), numbers(), texts(), attachments())
                .flatMap(cases -> cases);
    }

    private static Stream<Case> documents() {
        return Stream.of(
                refused("[]", "", "must be an object, is a list"),
                refused("7", "", "must be an object, is a whole number"),
                refused("null", "", "must be an object, is null"),
                refused("{}", "/version", "must be given, as in \"version\": 1"),
                refused("{\"version\":2}", "/version", "must be 1, the only version of the format so far, is 2"),
                refused("{\"version\":\"1\"}", "/version", "is a string; write it without quotes: 1"),
                refused("{\"version\":1.5}", "/version", "must be a whole number, is a number with a fraction"),
                refused("{\"version\":null}", "/version", "must be a whole number, is null"),
                refused("{\"version\":1,\"_comment\":\"x\"}", "/_comment", "is not a known key"),
                refused("{\"version\":1,\"plugin\":{}}", "/plugin", "the nearest is /plugins"),
                refused("{\"version\":1,\"containers\":[]}", "/containers", "nearest is /plugins/lxc/containers"),
                refused("{\"version\":1,\"plugins\":[]}", "/plugins", "must be an object, is a list"),
                refused("{\"version\":1,\"plugins\":{\"net\":{}}}", "/plugins/net", "known there: docker, lxc"),
                refused("{\"version\":1,\"plugins\":{\"lxc\":[]}}", "/plugins/lxc", "must be an object, is a list"),
                refused(
                        "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":{}}}}",
                        "/plugins/lxc/containers",
                        "must be a list, is an object"));
    }

    private static Stream<Case> containers() {
        return Stream.of(
                list("7", FIRST, "must be an object, is a whole number"),
                list("{}", FIRST + "/id", "must be given, as in \"id\": \"100\""),
                list("{\"id\":100}", FIRST + "/id", "must be a string, is a whole number; write it in quotes: \"100\""),
                list("{\"id\":\"\"}", FIRST + "/id", "must be 1 to 63 letters"),
                list("{\"id\":\"../x\"}", FIRST + "/id", "beginning with a letter or digit, is \"../x\""),
                list("{\"id\":\"-rf\"}", FIRST + "/id", "beginning with a letter or digit"),
                list("{\"id\":\"a b\"}", FIRST + "/id", "must be 1 to 63 letters"),
                list("{\"id\":\"ü\"}", FIRST + "/id", "must be 1 to 63 letters"),
                list("{\"id\":\"a\\u0000\"}", FIRST + "/id", "is \"a?\""),
                list("{\"id\":\"" + "x".repeat(64) + "\"}", FIRST + "/id", "(64 characters)"),
                unseen(list(
                        "{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"a\"}",
                        "/plugins/lxc/containers/2/id",
                        "is \"a\", which " + FIRST + "/id has already")),
                list("{\"id\":\"a\",\"running\":1}", FIRST + "/running", "must be true or false, is a whole number"),
                list("{\"id\":\"a\",\"running\":\"true\"}", FIRST + "/running", "write it without quotes: true"),
                list("{\"id\":\"a\",\"name\":\"b\"}", FIRST + "/name", "is not a known key"),
                list("{\"id\":\"a\",\"Id\":\"b\"}", FIRST + "/Id", "the nearest is " + FIRST + "/id"),
                list("{\"id\":\"a\",\"vlan\":4}", FIRST + "/vlan", "the nearest is " + PROPERTIES + "/vlan"),
                list("{\"id\":\"a\",\"properties\":[]}", PROPERTIES, "must be an object, is a list"),
                list("{\"id\":\"a\",\"properties\":null}", PROPERTIES, "is null; leave the key out"),
                property("\"memroy\":1", "memroy", "the nearest is " + PROPERTIES + "/memory"),
                property("\"netmaker_token\":\"x\"", "netmaker_token", PROPERTIES + "/netmaker_token_env"));
    }

    private static Stream<Case> links() {
        return Stream.of(
                list("{\"id\":\"a\",\"veth\":7}", FIRST + "/veth", "must be a string, is a whole number"),
                list("{\"id\":\"a\",\"veth\":\"\"}", FIRST + "/veth", "must be the name of a link"),
                list("{\"id\":\"a\",\"veth\":\"vi12345678901234\"}", FIRST + "/veth", "1 to 15 bytes"),
                unseen(list("{\"id\":\"a\",\"veth\":\"vi-ÄÖÜÄÖÜ1\"}", FIRST + "/veth", "1 to 15 bytes")),
                list("{\"id\":\"a\",\"veth\":\"vi/1\"}", FIRST + "/veth", "no slash, colon or white space"),
                unseen(list(
                        "{\"id\":\"a\",\"veth\":\"v\"},{\"id\":\"b\",\"veth\":\"v\"}",
                        "/plugins/lxc/containers/1/veth",
                        "is \"v\", which " + FIRST + "/veth has already")),
                list("{\"id\":\"a\",\"bridge\":\"br 0\"}", FIRST + "/bridge", "must be the name of a bridge"),
                list("{\"id\":\"a\",\"bridge\":null}", FIRST + "/bridge", "leave the key out to use the default"),
                unseen(list(
                        "{\"id\":\"a\",\"bridge\":\"\",\"properties\":{\"vlan\":5}}",
                        PROPERTIES + "/vlan",
                        "needs a bridge")),
                property("\"network_type\":\"mesh\"", "network_type", "must be one of bridge, netmaker, is \"mesh\""),
                property("\"network_type\":\"Bridge\"", "network_type", "must be one of bridge, netmaker"),
                property("\"netmaker_token_env\":\"a.b\"", "netmaker_token_env", "never the token itself"),
                property("\"netmaker_token_env\":\"\"", "netmaker_token_env", "the name of a key in netmaker.env"));
    }

    private static Stream<Case> addresses() {
        return Stream.of(
                property("\"ipv4\":\"192.168.1.101\"", "ipv4", "with the length of its network's prefix"),
                property("\"ipv4\":\"192.168.1.101/33\"", "ipv4", "is \"192.168.1.101/33\""),
                property("\"ipv4\":\"192.168.1.101/0\"", "ipv4", "is \"192.168.1.101/0\""),
                property("\"ipv4\":\"192.168.1/24\"", "ipv4", "must be an IPv4 address"),
                property("\"ipv4\":\"192.168.01.1/24\"", "ipv4", "must be an IPv4 address"),
                property("\"ipv4\":\"192.168.1.1/24 \"", "ipv4", "must be an IPv4 address"),
                property("\"ipv4\":\"fd00::1/64\"", "ipv4", "must be an IPv4 address"),
                property("\"ipv4\":\"dhcp\"", "ipv4", "is \"dhcp\""),
                property("\"ipv4\":[\"10.0.0.1/24\"]", "ipv4", "must be a string, is a list"),
                unseen(property("\"ipv4\":\"192.168.1.256/24\"", "ipv4", "must be an IPv4 address")),
                unseen(property("\"ipv4\":\"192.168.1.0/24\"", "ipv4", "is the network's own")),
                unseen(property("\"ipv4\":\"192.168.1.255/24\"", "ipv4", "is the broadcast address")),
                unseen(property("\"ipv4\":\"127.0.0.1/8\"", "ipv4", "must be an address that a host can have")),
                unseen(property("\"ipv4\":\"224.0.0.1/24\"", "ipv4", "must be an address that a host can have")),
                unseen(property("\"gateway\":\"10.0.0.1\"", "gateway", "needs ipv4 too")),
                property("\"ipv4\":\"10.0.0.5/24\",\"gateway\":\"10.0.0.1/24\"", "gateway", "must be an IPv4 address"),
                unseen(property("\"ipv4\":\"10.0.0.5/24\",\"gateway\":\"10.0.1.1\"", "gateway", "10.0.0.5/24")),
                unseen(property("\"ipv4\":\"10.0.0.5/24\",\"gateway\":\"10.0.0.255\"", "gateway", "of a host")),
                unseen(property("\"ipv4\":\"10.0.0.5/24\",\"gateway\":\"10.0.0.5\"", "gateway", "another address")),
                property("\"nameserver\":\"dns.example\"", "nameserver", "must be one or more IP addresses"),
                property("\"nameserver\":\"\"", "nameserver", "must be one or more IP addresses"),
                unseen(property("\"nameserver\":\"1.1.1\"", "nameserver", "must be one or more IP addresses")),
                unseen(property("\"nameserver\":\"1::2::3\"", "nameserver", "must be one or more IP addresses")),
                property("\"searchdomain\":\"a_b\"", "searchdomain", "must be one or more domains"),
                unseen(property("\"searchdomain\":\"-a\"", "searchdomain", "must be one or more domains")));
    }

    private static Stream<Case> numbers() {
        return Stream.of(
                property("\"vlan\":0", "vlan", "must be 1 to 4094, is 0"),
                property("\"vlan\":4095", "vlan", "must be 1 to 4094, is 4095"),
                property("\"vlan\":\"42\"", "vlan", "write it without quotes: 42"),
                property("\"vlan\":[1,2]", "vlan", "must be a whole number, is a list"),
                property("\"memory\":\"1024\"", "memory", "is a string; write it without quotes: 1024"),
                property("\"memory\":\"1G\"", "memory", "must be a whole number, is a string"),
                property("\"memory\":15", "memory", "must be 16 to 16777216, is 15"),
                property("\"memory\":99999999999999999999", "memory", "is too large a number"),
                property("\"swap\":-1", "swap", "must be 0 to 16777216, is -1"),
                property("\"cores\":0", "cores", "must be 1 to 8192, is 0"),
                property("\"cores\":1.5", "cores", "is a number with a fraction"));
    }

    private static Stream<Case> texts() {
        return Stream.of(
                property("\"hostname\":\"a_b\"", "hostname", "must be a host name"),
                property("\"hostname\":\"-a\"", "hostname", "must be a host name"),
                property("\"hostname\":\"" + "a.".repeat(32) + "a\"", "hostname", "(65 characters)"),
                property("\"hostname\":7", "hostname", "write it in quotes: \"7\""),
                property("\"template\":\"-x\"", "template", "not beginning with a dash"),
                property("\"template\":\"\"", "template", "must be the name of a template"),
                property("\"rootfs\":\"a b\"", "rootfs", "must be a path (LXC) or STORAGE:SIZE (Proxmox)"),
                property("\"features\":\"nesting\"", "features", "must be a list like nesting=1,fuse=1"),
                property("\"features\":{\"nesting\":true}", "features", "must be a string, is an object"),
                property("\"unprivileged\":1", "unprivileged", "must be true or false, is a whole number"),
                property("\"onboot\":\"yes\"", "onboot", "must be true or false, is a string"));
    }

    private static Stream<Case> attachments() {
        String docker = "/plugins/docker/containers/0";
        return Stream.of(
                docker("{}", docker + "/name", "must be given, as in \"name\": \"web\""),
                docker("{\"name\":\"w\"}", docker + "/name", "must be the name of a container: 2 to 201 letters"),
                docker("{\"name\":\"/web\"}", docker + "/name", "beginning with a letter or digit, is \"/web\""),
                docker("{\"name\":\"a b\"}", docker + "/name", "must be the name of a container"),
                docker("{\"name\":7}", docker + "/name", "write it in quotes: \"7\""),
                docker("{\"name\":\"web\",\"running\":true}", docker + "/running", "is not a known key"),
                docker("{\"name\":\"web\",\"mtu\":67}", docker + "/mtu", "must be 68 to 65535, is 67"),
                docker("{\"name\":\"web\",\"mtu\":\"1500\"}", docker + "/mtu", "write it without quotes: 1500"),
                docker("{\"name\":\"web\",\"ifname\":\"a/b\"}", docker + "/ifname", "must be the name of a link"),
                docker("{\"name\":\"web\",\"vlan\":4}", docker + "/vlan", "nearest is " + docker + "/properties/vlan"),
                docker(
                        "{\"name\":\"web\",\"properties\":{\"memory\":512}}",
                        docker + "/properties/memory",
                        "is not a known key"),
                unseen(docker(
                        "{\"name\":\"web\"},{\"name\":\"web\"}",
                        "/plugins/docker/containers/1/name",
                        "is \"web\", which " + docker + "/name has already")),
                unseen(refused(
                        "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[{\"id\":\"a\",\"veth\":\"v\"}]},"
                                + "\"docker\":{\"containers\":[{\"name\":\"web\",\"veth\":\"v\"}]}}}",
                        docker + "/veth",
                        "is \"v\", which " + FIRST + "/veth has already")),
                refused(
                        "{\"version\":1,\"plugins\":{\"podman\":{\"containers\":[{\"name\":\".\"}]}}}",
                        "/plugins/podman/containers/0/name",
                        "must be the name of a container: 1 to 201 letters"),
                machine("{\"id\":101}", "id", "write it in quotes: \"101\""),
                machine("{\"id\":\"a/b\"}", "id", "must be the number of a machine of Proxmox or the name"),
                machine("{\"id\":\"101\",\"mtu\":1500}", "mtu", "is not a known key"),
                machine(
                        "{\"id\":\"101\",\"properties\":{\"ipv4\":\"10.0.0.1/24\"}}",
                        "properties/ipv4",
                        "not a known"));
    }

    private static Case docker(String containers, String pointer, String reason) {
        return refused(
                "{\"version\":1,\"plugins\":{\"docker\":{\"containers\":[" + containers + "]}}}", pointer, reason);
    }

    private static Case machine(String machine, String key, String reason) {
        return refused(
                "{\"version\":1,\"plugins\":{\"vm\":{\"machines\":[" + machine + "]}}}",
                "/plugins/vm/machines/0/" + key,
                reason);
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void a_wrong_value_is_refused_with_its_pointer_and_the_reason(Case wrong) {
        ConfigException refusal = refusal(wrong.text());
        assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo(wrong.pointer());
            assertThat(problem.message()).contains(wrong.reason());
        });
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    void the_schema_refuses_what_it_can_tell(Case wrong) throws IOException {
        assertThat(JsonSchema.of(StateLoader.schema()).accepts(new ObjectMapper().readTree(wrong.text())))
                .isEqualTo(wrong.schema() == Schema.CANNOT_TELL);
    }

    static Stream<Case> noJson() {
        return Stream.of(
                refused("", "", "is empty; a file that sets nothing is written {\"version\":1,\"plugins\":{}}"),
                refused(" \n", "", "is empty"),
                refused("{", "", "line 1, column 2: not JSON"),
                refused("{\"version\":1,}", "", "line 1, column 14: not JSON"),
                refused("{\"version\":1} x", "", "not JSON"),
                refused("{\"version\":1}{}", "", "no text may follow the closing bracket"),
                refused("{'version':1}", "", "not JSON"),
                refused("version: 1", "", "not JSON"),
                refused("// why\n{\"version\":1}", "", "JSON has no comments; remove this one (docs/STATE.md"),
                refused("{\"version\":1 /* why */}", "", "line 1, column 14: JSON has no comments"),
                refused("# why\n{}", "", "JSON has no comments"),
                refused("{\"version\":\"\u0000\"}", "", "not JSON"),
                refused("\u0000\u0001", "", "not JSON"),
                refused("[".repeat(100_000), "", "not JSON"),
                refused("{\"version\":" + "9".repeat(100_000) + "}", "", "not JSON"));
    }

    @ParameterizedTest
    @MethodSource("noJson")
    void what_is_not_json_is_refused_with_its_place(Case wrong) {
        ConfigException refusal = refusal(wrong.text());
        assertThat(refusal.reason()).isEqualTo(Reason.SYNTAX);
        assertThat(refusal.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(wrong.reason()));
    }

    static Stream<Case> twice() {
        return Stream.of(
                refused("{\"version\":1,\n\"version\":1}", "/version", "is given a second time on line 2"),
                list("{\"id\":\"a\",\"id\":\"b\"}", FIRST + "/id", "is given a second time on line 1"),
                property("\"vlan\":1,\"vlan\":1", "vlan", "is given a second time on line 1"));
    }

    @ParameterizedTest
    @MethodSource("twice")
    void a_key_that_is_given_twice_is_refused(Case wrong) {
        assertThat(refusal(wrong.text()).problems()).containsExactly(new Problem(wrong.pointer(), wrong.reason()));
    }

    private static Case refused(String text, String pointer, String reason) {
        return new Case(text, pointer, reason, Schema.REFUSES);
    }

    private static Case list(String containers, String pointer, String reason) {
        return refused("{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[" + containers + "]}}}", pointer, reason);
    }

    private static Case property(String property, String key, String reason) {
        return list("{\"id\":\"a\",\"properties\":{" + property + "}}", PROPERTIES + "/" + key, reason);
    }

    private static Case unseen(Case wrong) {
        return new Case(wrong.text(), wrong.pointer(), wrong.reason(), Schema.CANNOT_TELL);
    }

    private static ConfigException refusal(String text) {
        return catchThrowableOfType(ConfigException.class, () -> StateLoader.parse(FILE, text));
    }
}

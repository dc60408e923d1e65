// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.cli.output.CannotRunException;

final class ContainerTextTest {
    @Test
    void values_are_texts_inner_ones_have_both_names_and_lists_are_left_out() {
        List<ContainerText> containers = ContainerText.in("""
                [{"id": "100", "running": true, "links": [{"id": "no"}, 1], "properties": {"vlan": 7, "trunks": [1]},
                  "reason": ""},
                 {"id": "1\\u001b", "properties": {}}]
                """);
        assertThat(containers).hasSize(2);
        ContainerText first = containers.get(0);
        assertThat(List.of(first.at("id"), first.at("running"), first.at("properties.vlan"), first.at("reason")))
                .containsExactly("100", "true", "7", "");
        assertThat(first.values()).doesNotContainKeys("links", "properties.trunks");
        assertThat(containers.get(1).at("id")).isEqualTo("1\u001b");
        assertThat(containers.get(1).at("properties.vlan")).isEmpty();
    }

    @Test
    void no_containers_are_an_empty_list_and_half_an_answer_is_refused() {
        assertThat(ContainerText.in("[]")).isEmpty();
        assertThatThrownBy(() -> ContainerText.in("[{\"id\":")).isInstanceOf(CannotRunException.class);
    }
}

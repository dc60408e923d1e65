// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.util.List;

/**
 * What a {@link DescribedCommand} says of itself. Its parser, its help and its part of the manual page are made from this.
 *
 * @param names its name, then its other names
 * @param description the paragraphs of the help
 * @param options its own options, in the order of the manual page; every command has those of {@link Settings} too
 * @param examples the lines at the end of the help; none if it needs no example
 */
public record CommandText(
        List<String> names, List<String> description, List<OptionText> options, List<String> examples) {}

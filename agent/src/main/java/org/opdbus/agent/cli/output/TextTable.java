// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import java.util.List;
import org.opdbus.agent.log.VisibleText;

/**
 * Columns for people: each as wide as its widest cell. An empty cell is a dash; the last column has
 * no limit.
 */
public record TextTable(List<List<String>> rows) {
    private static final String GAP = "  ";

    public List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = cell(row, column);
            line.append(cell).append(" ".repeat(width(column) - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> cell(row, column).length()).max().orElse(0);
    }

    private static String cell(List<String> row, int column) {
        // Escaped here too, because the width is that of the text that is shown.
        String cell = VisibleText.line(row.get(column));
        return cell.isEmpty() && column < row.size() - 1 ? "-" : cell;
    }
}

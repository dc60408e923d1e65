// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.introspect;

import java.util.List;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.TerminalStyle;
import org.opdbus.agent.cli.output.TerminalStyle.Color;
import org.opdbus.agent.log.VisibleText;

/** Draws lines with branches before them; objects are cut to the width of the terminal. Texts are escaped here. */
final class TreeLines {
    private static final String CUT = "…";

    private final ResultStream out;
    private final TerminalStyle style;

    TreeLines(ResultStream out, TerminalStyle style) {
        this.out = out;
        this.style = style;
    }

    /**
     * A piece of a line.
     *
     * @param color how it is drawn
     */
    record Piece(String text, Color color) {}

    /** Draws a line of its own, such as the name of a section. */
    void heading(String text) {
        line("", List.of(new Piece(text, Color.STRONG)));
    }

    /**
     * Draws an object below others.
     *
     * @param above for each level above, whether more objects follow there
     * @param isLast whether no object follows at this level
     */
    void node(List<Boolean> above, boolean isLast, List<Piece> pieces) {
        StringBuilder branches = new StringBuilder();
        above.forEach(more -> branches.append(more ? "│  " : "   "));
        line(branches.append(isLast ? "└─ " : "├─ ").toString(), pieces);
    }

    /** Draws a sentence for people, whole: its end often says what to do. */
    void sentence(boolean isLast, Piece text) {
        String branch = isLast ? "└─ " : "├─ ";
        out.drawn(branch + style.painted(VisibleText.line(text.text()), text.color()) + "\n");
    }

    private void line(String branches, List<Piece> pieces) {
        StringBuilder line = new StringBuilder(branches);
        int left = style.width() - branches.length();
        for (Piece piece : pieces) {
            if (piece.text().isEmpty() || left <= 0) {
                continue;
            }
            String text = VisibleText.line(piece.text());
            int length = text.codePointCount(0, text.length());
            String shown = length <= left ? text : text.substring(0, text.offsetByCodePoints(0, left - 1)) + CUT;
            line.append(style.painted(shown, piece.color()));
            left -= length;
            if (left > 0) {
                line.append(' ');
                left--;
            }
        }
        out.drawn(line.toString().stripTrailing() + "\n");
    }
}

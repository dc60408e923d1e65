// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.List;
import java.util.Locale;

/**
 * Draws the ratios of figures and their alternatives: a picture (SVG) with a line for each and a logarithmic scale.
 */
final class RatioPlot {
    private static final int LABEL = 560;
    private static final int WIDTH = 420;
    private static final int ROW = 24;
    private static final int TOP = 44;
    private static final double LEAST = 0.01;
    private static final double GREATEST = 1_000;

    private RatioPlot() {}

    static String of(List<Figure> figures) {
        StringBuilder svg = new StringBuilder();
        int height = TOP + ROW * figures.size() + 16;
        add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" ", LABEL + WIDTH + 30, height);
        add(svg, "font-family=\"sans-serif\" font-size=\"12\">%n");
        add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n");
        for (double mark = LEAST; mark <= GREATEST * 1.01; mark *= 10) {
            add(
                    svg,
                    "<line x1=\"%1$.1f\" y1=\"%2$d\" x2=\"%1$.1f\" y2=\"%3$d\" stroke=\"%4$s\"/>%n",
                    x(mark),
                    TOP - 10,
                    height - 10,
                    Math.abs(mark - 1) < 0.01 ? "#000" : "#ddd");
            add(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n", x(mark), TOP - 16, shown(mark));
        }
        add(svg, "<text x=\"%d\" y=\"14\">times what stands beside it: median, least to greatest</text>%n", LABEL);
        int y = TOP + ROW / 2;
        for (Figure figure : figures) {
            add(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", LABEL - 8, y + 4, text(figure.name()));
            add(
                    svg,
                    "<line x1=\"%.1f\" y1=\"%3$d\" x2=\"%.1f\" y2=\"%3$d\" stroke=\"#369\" stroke-width=\"3\"/>%n",
                    x(figure.leastRatio()),
                    x(figure.greatestRatio()),
                    y);
            add(svg, "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"#136\"/>%n", x(figure.ratio()), y);
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private static String shown(double mark) {
        return mark < 0.99 ? String.format(Locale.ROOT, "%.2f", mark) : String.format(Locale.ROOT, "%.0f", mark);
    }

    private static double x(double ratio) {
        double within = Math.max(LEAST, Math.min(GREATEST, ratio));
        return LABEL + WIDTH * (Math.log10(within) - Math.log10(LEAST)) / (Math.log10(GREATEST) - Math.log10(LEAST));
    }

    private static String text(String name) {
        return name.replace("&", "&amp;").replace("<", "&lt;").replace("`", "");
    }

    private static void add(StringBuilder svg, String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }
}

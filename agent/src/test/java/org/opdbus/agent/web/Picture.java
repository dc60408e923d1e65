// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** A picture of the page. */
final class Picture {
    private static final int COLOURS = 256;
    /** The square of the distance of two colours that look alike. */
    private static final int NEAR = 60;
    /** The side of the squares by which pictures are compared. */
    private static final int SQUARE = 10;
    /** So far the mean of a square may differ, of 255: other fonts and other machines draw letters a little differently. */
    private static final int DIFFERENCE = 24;

    private final BufferedImage image;

    private Picture(BufferedImage image) {
        this.image = image;
    }

    /** Reads a PNG. */
    static Picture of(byte[] png) throws IOException {
        return new Picture(Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(png)))
                .orElseThrow(() -> new IOException("not a picture")));
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    /** Returns the share of small squares, 0 to 1, that look different in another picture of the same size. */
    double differenceFrom(Picture other) {
        int different = 0;
        int all = 0;
        for (int y = 0; y + SQUARE <= height(); y += SQUARE) {
            for (int x = 0; x + SQUARE <= width(); x += SQUARE) {
                all++;
                if (Math.abs(mean(image, x, y) - mean(other.image, x, y)) > DIFFERENCE) {
                    different++;
                }
            }
        }
        return (double) different / all;
    }

    private static int mean(BufferedImage image, int left, int top) {
        int sum = 0;
        for (int y = top; y < top + SQUARE; y++) {
            for (int x = left; x < left + SQUARE; x++) {
                int colour = image.getRGB(x, y);
                sum += (colour >> 16 & 0xff) + (colour >> 8 & 0xff) + (colour & 0xff);
            }
        }
        return sum / (3 * SQUARE * SQUARE);
    }

    /** Returns a PNG with the 256 colours that the picture has most of; each other one is the nearest of them. A page has few. */
    byte[] png() throws IOException {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int y = 0; y < height(); y++) {
            for (int x = 0; x < width(); x++) {
                counts.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
            }
        }
        int[] palette = palette(counts);
        Map<Integer, Integer> places = new HashMap<>();
        counts.keySet().forEach(colour -> places.put(colour, nearest(palette, colour)));
        BufferedImage small = new BufferedImage(width(), height(), BufferedImage.TYPE_BYTE_INDEXED, model(palette));
        for (int y = 0; y < height(); y++) {
            for (int x = 0; x < width(); x++) {
                small.getRaster().setSample(x, y, 0, places.getOrDefault(image.getRGB(x, y) & 0xffffff, 0));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(small, "png", bytes)) {
            throw new IOException("this Java writes no PNG");
        }
        return bytes.toByteArray();
    }

    /** A colour that is nearly one of the palette needs no place there, so that there is one for a small lamp, too. */
    private static int[] palette(Map<Integer, Integer> counts) {
        int[] palette = new int[COLOURS];
        int size = 0;
        List<Integer> byCount = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        for (int colour : byCount) {
            int[] known = Arrays.copyOf(palette, size);
            if (size < COLOURS && (size == 0 || distance(known[nearest(known, colour)], colour) > NEAR)) {
                palette[size++] = colour;
            }
        }
        return Arrays.copyOf(palette, size);
    }

    private static IndexColorModel model(int[] palette) {
        byte[][] parts = new byte[3][palette.length];
        for (int i = 0; i < palette.length; i++) {
            for (int part : List.of(0, 1, 2)) {
                parts[part][i] = (byte) (palette[i] >> (16 - 8 * part));
            }
        }
        return new IndexColorModel(8, palette.length, parts[0], parts[1], parts[2]);
    }

    private static int nearest(int[] palette, int colour) {
        int best = 0;
        int distance = Integer.MAX_VALUE;
        for (int i = 0; i < palette.length && distance > 0; i++) {
            int far = distance(palette[i], colour);
            if (far < distance) {
                distance = far;
                best = i;
            }
        }
        return best;
    }

    private static int distance(int one, int other) {
        int red = (one >> 16 & 0xff) - (other >> 16 & 0xff);
        int green = (one >> 8 & 0xff) - (other >> 8 & 0xff);
        int blue = (one & 0xff) - (other & 0xff);
        return red * red + green * green + blue * blue;
    }
}

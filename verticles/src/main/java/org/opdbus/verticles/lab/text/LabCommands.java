// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.text;

import static org.opdbus.verticles.lab.definition.LabChecks.shown;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.definition.LineUnits;

/** Reads the commands that change a lab, with the words of document 002 and the longer ones. It refuses what it does not know. */
public final class LabCommands {
    private static final int LINES_MAX = 20_000;
    private static final int WORDS_MAX = 64;
    private static final int MEMORY_MB = 1024;
    private static final String FORMS =
            "use add lxc|docker|kvm|tap|nat|a2b|phy NAME …, add lan NAME NUM LAN, del lan NAME NUM LAN, "
                    + "del NAME, spy NAME NUM on|off, or shape NAME delay=20ms loss=1% rate=10mbit";

    private LabCommands() {}

    /** Returns the changes of a text with a command a line, in its order. A refusal names the line. */
    public static List<LabChange> file(String text) {
        List<LabChange> changes = new ArrayList<>();
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            try {
                if (number > LINES_MAX) {
                    throw new LabRefusal("there are more than " + LINES_MAX + " lines", "split the file");
                }
                List<String> words = LabWords.of(line);
                if (!words.isEmpty()) {
                    changes.add(change(words));
                }
            } catch (LabRefusal refusal) {
                LabRefusal placed = new LabRefusal("line " + number + ": " + refusal.getMessage(), refusal.remedy());
                placed.initCause(refusal);
                throw placed;
            }
        }
        return changes;
    }

    /** Returns the change for which a command asks. */
    public static LabChange change(List<String> words) {
        if (words.size() > WORDS_MAX) {
            throw new LabRefusal("the command has " + words.size() + " words", "use at most " + WORDS_MAX);
        }
        String verb = words.isEmpty() ? "" : words.get(0);
        return switch (verb) {
            case "add" -> word(words, 1).equals("lan") ? join(words) : add(words);
            case "del" -> delete(words);
            case "spy" -> spy(words, "on", "off");
            case "snf" -> spy(words, "1", "0");
            case "shape" -> new LabChange.Shape(word(words, 1), line(lineSettings(words, 2)));
            default -> throw new LabRefusal(shown(verb) + " is no command that changes a lab", FORMS);
        };
    }

    private static LabChange delete(List<String> words) {
        if (words.size() == 2) {
            return new LabChange.RemoveItem(words.get(1));
        }
        if (words.size() == 3 && words.get(1).equals("sat")) {
            return new LabChange.RemoveItem(words.get(2));
        }
        if (words.size() == 5 && words.get(1).equals("lan")) {
            return new LabChange.LeaveLan(words.get(2), LabSettings.number(words.get(3), "an endpoint"), words.get(4));
        }
        throw new LabRefusal(
                "del has not the words that it needs", "use del lan NAME NUM LAN, del sat NAME, or del NAME");
    }

    private static LabChange spy(List<String> words, String yes, String off) {
        String wanted = word(words, 3);
        if (words.size() != 4 || (!wanted.equals(yes) && !wanted.equals(off))) {
            throw new LabRefusal(
                    words.get(0) + " needs an item, a number, and " + yes + " or " + off,
                    "use " + words.get(0) + " NAME NUM " + yes + "|" + off);
        }
        return new LabChange.Spy(words.get(1), LabSettings.number(words.get(2), "an endpoint"), wanted.equals(yes));
    }

    private static LabChange join(List<String> words) {
        String lan = word(words, 4);
        LabSettings settings = new LabSettings(words, 5, Set.of("tag", "trunks"), "");
        List<Integer> trunks = settings.list("trunks").stream()
                .map(vlan -> LabSettings.number(vlan, "trunks"))
                .toList();
        return new LabChange.JoinLan(
                words.get(2),
                LabSettings.number(words.get(3), "an endpoint"),
                new LabEndpoint.Place(lan, settings.number("tag", 0), trunks));
    }

    private static LabChange add(List<String> words) {
        String name = word(words, 2);
        return switch (words.get(1)) {
            case "lxc" -> {
                LabSettings given = new LabSettings(words, 3, Set.of("eth", "mac", "container", "template"), "");
                String container = given.text("container").orElse(name);
                yield item(name, new LabMachine.Lxc(container, given.text("template")), given, "s");
            }
            case "docker", "doc" -> {
                LabSettings given = new LabSettings(words, 3, Set.of("eth", "mac", "image", "command"), "image");
                yield item(name, docker(name, given), given, "s");
            }
            case "kvm" -> {
                Set<String> known = Set.of("eth", "mac", "ram", "cpu", "image", "kernel", "initrd", "append");
                LabSettings given = new LabSettings(words, 3, known, "image");
                yield item(name, kvm(given), given, "s");
            }
            case "a2b" -> {
                LabSettings given = lineSettings(words, 3);
                yield item(name, line(given), given, "vv");
            }
            case "tap" -> plain(words, new LabMachine.Tap());
            case "nat" -> plain(words, new LabMachine.Nat());
            case "phy" -> plain(words, new LabMachine.Phy());
            default -> throw new LabRefusal(shown(words.get(1)) + " is no kind of item", FORMS);
        };
    }

    private static LabChange plain(List<String> words, LabMachine machine) {
        return item(word(words, 2), machine, new LabSettings(words, 3, Set.of("eth", "mac"), ""), "v");
    }

    private static LabChange item(String name, LabMachine machine, LabSettings given, String endpoints) {
        return new LabChange.AddItem(name, machine, given.text("eth").orElse(endpoints), given.list("mac"));
    }

    private static LabMachine docker(String name, LabSettings given) {
        String image = given.text("image")
                .orElseThrow(() -> new LabRefusal(
                        "no image is named from which to make " + shown(name),
                        "name one that docker images lists, such as image=debian:12"));
        return new LabMachine.Docker(image, given.text("command").orElse(""));
    }

    private static LabMachine kvm(LabSettings given) {
        return new LabMachine.Kvm(
                given.number("ram", MEMORY_MB),
                given.number("cpu", 1),
                given.text("image"),
                given.text("kernel"),
                given.text("initrd"),
                given.text("append").orElse(""));
    }

    private static LabSettings lineSettings(List<String> words, int from) {
        Set<String> keys = from == 2 ? Set.of("delay", "loss", "rate") : Set.of("eth", "mac", "delay", "loss", "rate");
        return new LabSettings(words, from, keys, "");
    }

    private static LabMachine.A2b line(LabSettings given) {
        return new LabMachine.A2b(
                given.text("delay").map(LineUnits::delayMs).orElse(0),
                given.text("loss").map(LineUnits::lossPer10000).orElse(0),
                given.text("rate").map(LineUnits::rateKbit).orElse(0L));
    }

    private static String word(List<String> words, int index) {
        if (index >= words.size()) {
            throw new LabRefusal("the command ends before word " + (index + 1), FORMS);
        }
        return words.get(index);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Refusal;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.edges.NewLink;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.MissingLink;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.rename.RenameStep.MakeLink;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;

/**
 * Makes the link of a container of Docker or Podman. Its engine gives it none ({@code --network none}), or one of the engine's own
 * networks, beside which ours is a second link.
 */
public final class MakeLinkRule implements MissingLink {
    /** The name of the only link in a container. */
    private static final LinkName ONLY = new LinkName("eth0");
    /** The name of a link beside those of the engine, which it calls {@code eth0}, {@code eth1}, …. */
    private static final LinkName SECOND = new LinkName("op0");
    /** A locally administered unicast address (RFC 7042, 2.1). */
    private static final byte LOCAL = 0x02;

    private static final int MAC_BYTES = 6;

    private final HostView view;

    public MakeLinkRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(ContainerId id, ContainerView container, Intent intent, LinkName name) {
        return container.container() instanceof EngineContainer engine
                ? Optional.of(decide(engine, container, intent, name))
                : Optional.empty();
    }

    private Outcome decide(EngineContainer engine, ContainerView container, Intent intent, LinkName name) {
        if (intent.bridge().isEmpty()) {
            // A link that leads to no bridge is of no use to the container.
            return new Rest(ContainerPhase.LEFT_ALONE, "");
        }
        if (!intent.explicit() && !engine.asked().faults().isEmpty()) {
            return new Refuse(
                    Refusal.LABELS,
                    "the labels of container " + engine.name() + " are wrong: "
                            + String.join("; ", engine.asked().faults()),
                    "make the container again with correct labels, or name it in state.json");
        }
        if (engine.network().equals("host")) {
            return new Refuse(
                    Refusal.NO_LINK,
                    "container " + engine.name() + " has the network of the host, so it has no links of its own",
                    "run it with --network none");
        }
        if (engine.network().startsWith("container:")) {
            return new Refuse(
                    Refusal.SHARED_NAMESPACE,
                    "container " + engine.name() + " has the network of another container",
                    "attach that container instead");
        }
        if (!view.isListed(Source.OVSDB)) {
            return new Rest(ContainerPhase.WAITING, "Open vSwitch's database cannot be reached");
        }
        Optional<Bridge> bridge = view.bridge(intent.bridge());
        if (bridge.isEmpty()) {
            return new Refuse(
                    Refusal.NO_SUCH_BRIDGE,
                    "Open vSwitch has no bridge " + intent.bridge(),
                    "create it (ovs-vsctl add-br " + intent.bridge() + ") or name one that exists");
        }
        if (!view.isListed(engine.id())) {
            // Its link may be missing because it has ended, and its process id may be another process's by now.
            return new Rest(ContainerPhase.WAITING, "its engine cannot be asked whether it runs");
        }
        return view.linkNamed(name.value())
                .map(holder -> taken(engine, name, holder))
                .orElseGet(() -> new Act(new MakeLink(
                        engine.id(),
                        new NewLink(
                                name,
                                innerName(engine, intent),
                                mac(engine.id()),
                                intent.inside().mtu(),
                                intent.address(),
                                // See ChecksumRule.
                                bridge.get().isUserspace()),
                        intent.bridge(),
                        container.initPid().orElseThrow(),
                        container.namespaceQuestion())));
    }

    private Outcome taken(EngineContainer engine, LinkName name, Link holder) {
        // The kernel takes the link of a stopped container away some time after its last process has ended. It sends no
        // message when the link no longer leads into a namespace, and gives the number of the namespace to the next
        // one.
        return holder.kind().equals("veth")
                ? new Rest(
                        ContainerPhase.WAITING,
                        "link " + name
                                + " is there already: that of its last run goes by itself, another one must be renamed")
                : new Refuse(
                        Refusal.NAME_TAKEN,
                        "the name " + name + " for the link of container " + engine.name() + " is held by link "
                                + holder.index(),
                        "rename or remove that link; the container gets its link as soon as the name is free");
    }

    private static LinkName innerName(EngineContainer engine, Intent intent) {
        return intent.inside().name().orElse(engine.isWithoutNetwork() ? ONLY : SECOND);
    }

    /** Returns an address that stays the same when the container is started again. */
    private static String mac(ContainerId id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(id.value().getBytes(StandardCharsets.UTF_8));
            digest[0] = LOCAL;
            return HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(digest, MAC_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

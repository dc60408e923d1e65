// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.opdbus.verticles.bus.SharedBus;
import org.opdbus.verticles.cluster.ClusterTransport;
import org.opdbus.verticles.cluster.EmbeddedTransport;
import org.opdbus.verticles.cluster.SharedSeat;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.membership.EmbeddedSession;
import org.opdbus.verticles.membership.Membership;
import org.opdbus.verticles.membership.MembershipEvent;
import org.opdbus.verticles.membership.MembershipOptions;

/** The embedded bus: the hosts share its members in turn; each member is a real one. */
public final class EmbeddedWire implements PlayedWire {
    private final List<Membership> members = new ArrayList<>();
    private final List<SharedBus> buses = new ArrayList<>();
    private final Map<String, Integer> seats = new HashMap<>();
    private final Map<String, ClusterTransport> transports = new HashMap<>();
    private final CompositeDisposable heard = new CompositeDisposable();
    private final String agent;

    /**
     * Opens the members, one after the other, and waits until each is up.
     *
     * @param seated the members; the first hosts, by whose certificates they take part
     */
    public EmbeddedWire(String agent, List<String> hosts, List<MembershipOptions> seated) {
        this.agent = agent;
        for (MembershipOptions options : seated) {
            Membership member = Membership.open(options);
            members.add(member);
            MembershipEvent.Up up =
                    member.events().ofType(MembershipEvent.Up.class).blockingFirst();
            buses.add(new SharedBus(((EmbeddedSession) up.session()).vertx()));
        }
        for (int i = 0; i < hosts.size(); i++) {
            seats.put(hosts.get(i), i % buses.size());
            transports.put(hosts.get(i), new EmbeddedTransport(buses.get(i % buses.size())));
        }
    }

    private ClusterTransport transport(String host) {
        return Optional.ofNullable(transports.get(host)).orElseThrow();
    }

    @Override
    public void head(String from, Buffer head) {
        transport(from).publishHead(head);
    }

    @Override
    public void facts(String from, Buffer facts) {
        transport(from).publishFacts(List.of(agent), facts);
    }

    /** Entries are asked for. */
    @Override
    public int recorded(String from, Message.Entries entries, MessageSigner signer) {
        return 0;
    }

    @Override
    public boolean fetch(String from, Buffer question) {
        send(from, question);
        return true;
    }

    @Override
    public void send(String from, Buffer message) {
        transport(from).send(agent, message);
    }

    @Override
    public void receive(BiConsumer<String, Buffer> toOne, Consumer<Buffer> toAll) {
        seats.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
                // What is sent to all arrives at every member; one passes it on to all hosts.
                .forEach((seat, hosts) ->
                        heard.add(SharedSeat.receive(buses.get(seat), hosts, toOne, seat == 0 ? toAll : unused -> {})));
    }

    @Override
    public String leftOut() {
        return seats.size() > buses.size()
                ? (seats.size() - buses.size()) + " TLS connections of the bus, and as many members of the group"
                : "nothing";
    }

    @Override
    public void close() {
        heard.dispose();
        members.parallelStream().forEach(Membership::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient.Answer;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Deleted;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Healthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Unhealthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.WithoutNode;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;

/**
 * The part of a Netmaker server's API that is open to a host with its own credential: it works with every version of the
 * server, and no administrator's rights are needed. Every method waits for the server. {@link ServerAnswers} decides what the
 * answers mean.
 */
public final class ServerApi {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final String DELETE_REMEDY = "delete the host on the server";

    private final ApiClient client;

    public ServerApi(ApiClient client) {
        this.client = client;
    }

    /**
     * Removes a host with all its nodes, and makes sure that it is gone. A host that is gone already is fine.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE, REFUSED
     */
    public void remove(MeshHost host) throws NetmakerException, InterruptedException {
        Optional<String> pass = authenticate(host);
        if (pass.isEmpty()) {
            return;
        }
        Answer answer = client.send(
                "DELETE", base(host), "/api/hosts/" + host.hostId() + "?force=true", pass, Optional.empty());
        // After a failure of the server, only the next request shows whether the host is gone.
        if (!answer.isOk() && !ServerAnswers.isUnknown(answer) && answer.code() < ApiClient.SERVER_ERROR) {
            throw new NetmakerException(
                    Reason.REFUSED, host + " was not removed: the server answered " + told(answer), DELETE_REMEDY);
        }
        if (authenticate(host).isPresent()) {
            throw new NetmakerException(
                    Reason.UNREACHABLE, host + " is still there after it was removed", DELETE_REMEDY);
        }
    }

    /**
     * What the server says of a host's nodes. The host counts as gone only if the server has none of them.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE, REFUSED
     */
    public HostStatus of(MeshHost host, List<MeshNode> nodes) throws NetmakerException, InterruptedException {
        Optional<String> pass = authenticate(host);
        if (pass.isEmpty()) {
            return new Deleted("its host was deleted on its server");
        }
        Optional<Deleted> gone = Optional.empty();
        Optional<String> complaint = Optional.empty();
        Set<String> peers = new HashSet<>();
        int known = 0;
        for (MeshNode node : nodes) {
            HostStatus status = node(host, node, pass);
            if (status instanceof Deleted one) {
                gone = gone.or(() -> Optional.of(one));
            } else {
                known++;
            }
            if (status instanceof Unhealthy doubted) {
                complaint = complaint.or(() -> Optional.of(doubted.why()));
                peers.addAll(doubted.peers());
            } else if (status instanceof Healthy well) {
                peers.addAll(well.peers());
            }
        }
        if (gone.isPresent() && known == 0) {
            return gone.get();
        }
        Optional<String> missing = gone.map(Deleted::why);
        return complaint
                .or(() -> missing)
                .<HostStatus>map(why -> new Unhealthy(why, peers))
                .orElse(new Healthy(peers));
    }

    private HostStatus node(MeshHost host, MeshNode node, Optional<String> pass)
            throws NetmakerException, InterruptedException {
        Answer answer = client.send(
                "GET", base(host), "/api/nodes/" + node.network() + "/" + node.nodeId(), pass, Optional.empty());
        return ServerAnswers.node(answer, node.network())
                .orElseThrow(() -> unclear(answer, host, "does not show the node of " + host));
    }

    /**
     * Whether the server has given any node to a host: what netclient itself asks when it pulls.
     *
     * @throws NetmakerException UNREACHABLE, UNTRUSTED, API_FILE, REFUSED
     */
    public HostStatus nodesGiven(MeshHost host) throws NetmakerException, InterruptedException {
        Optional<String> pass = authenticate(host);
        if (pass.isEmpty()) {
            return new Deleted("its host was deleted on its server");
        }
        // The answer holds secrets of the server's, too: nothing but the nodes' ids goes any further.
        Answer answer = client.send("GET", base(host), "/api/v1/host", pass, Optional.empty());
        List<String> ids = ServerAnswers.nodesOfHost(answer)
                .orElseThrow(() -> unclear(answer, host, "does not show the nodes of " + host));
        return ids.isEmpty() ? new WithoutNode() : new Healthy(Set.of());
    }

    /** A pass with the rights of the host; empty if the server knows no such host. */
    private Optional<String> authenticate(MeshHost host) throws NetmakerException, InterruptedException {
        JsonObject credential = new JsonObject()
                .put("macaddress", host.mac())
                .put("id", host.hostId())
                .put("password", host.password());
        Answer answer = client.send(
                "POST", base(host), "/api/hosts/adm/authenticate", Optional.empty(), Optional.of(credential));
        Optional<String> pass = ServerAnswers.pass(answer);
        if (pass.isPresent() || ServerAnswers.isUnknown(answer)) {
            return pass;
        }
        if (answer.code() == UNAUTHORIZED || answer.code() == FORBIDDEN) {
            throw new NetmakerException(
                    Reason.REFUSED,
                    host.api() + " does not take the credential of " + host + " (" + answer.code() + ")",
                    DELETE_REMEDY);
        }
        throw unclear(answer, host, "does not authenticate " + host);
    }

    private static NetmakerException unclear(Answer answer, MeshHost host, String what) {
        return answer.code() >= ApiClient.SERVER_ERROR
                ? new NetmakerException(
                        Reason.UNREACHABLE, host.api() + " failed with " + answer.code(), "see the server's log")
                : new NetmakerException(Reason.REFUSED, host.api() + " " + what + ": it answered " + told(answer), "");
    }

    private static String told(Answer answer) {
        String message = ServerAnswers.message(answer);
        return answer.code() + (message.isEmpty() ? "" : " (" + message.replaceAll("\\p{Cntrl}", " ") + ")");
    }

    private static URI base(MeshHost host) {
        return URI.create("https://" + host.api());
    }
}

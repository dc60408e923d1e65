// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one name of one kind of event.
 *
 * @param <E> the event's record
 * @param kind the name that users see, {@code <noun>.<verb in the past tense>}
 * @param type the event's record
 */
public record Address<E extends Event>(String kind, Class<E> type) {
    private static final String PREFIX = "op-dbus.";

    /**
     * Every told event is also published here, in the order of its publisher. The ledger and the tails
     * listen here.
     */
    public static final String EVERY_EVENT = PREFIX + "event";

    public static final Address<AgentEvent.AgentStarted> AGENT_STARTED =
            new Address<>("agent.started", AgentEvent.AgentStarted.class);
    public static final Address<AgentEvent.AgentStopping> AGENT_STOPPING =
            new Address<>("agent.stopping", AgentEvent.AgentStopping.class);
    public static final Address<AgentEvent.SourceListed> SOURCE_LISTED =
            new Address<>("source.listed", AgentEvent.SourceListed.class);
    public static final Address<AgentEvent.SourceLost> SOURCE_LOST =
            new Address<>("source.lost", AgentEvent.SourceLost.class);

    public static final Address<LinkEvent.LinkAppeared> LINK_APPEARED =
            new Address<>("link.appeared", LinkEvent.LinkAppeared.class);
    public static final Address<LinkEvent.LinkChanged> LINK_CHANGED =
            new Address<>("link.changed", LinkEvent.LinkChanged.class);
    public static final Address<LinkEvent.LinkVanished> LINK_VANISHED =
            new Address<>("link.vanished", LinkEvent.LinkVanished.class);

    public static final Address<PortEvent.BridgeAdded> BRIDGE_ADDED =
            new Address<>("bridge.added", PortEvent.BridgeAdded.class);
    public static final Address<PortEvent.BridgeChanged> BRIDGE_CHANGED =
            new Address<>("bridge.changed", PortEvent.BridgeChanged.class);
    public static final Address<PortEvent.BridgeRemoved> BRIDGE_REMOVED =
            new Address<>("bridge.removed", PortEvent.BridgeRemoved.class);
    public static final Address<PortEvent.PortAdded> PORT_ADDED =
            new Address<>("port.added", PortEvent.PortAdded.class);
    public static final Address<PortEvent.PortChanged> PORT_CHANGED =
            new Address<>("port.changed", PortEvent.PortChanged.class);
    public static final Address<PortEvent.PortRemoved> PORT_REMOVED =
            new Address<>("port.removed", PortEvent.PortRemoved.class);

    public static final Address<ContainerEvent.ContainerDefined> CONTAINER_DEFINED =
            new Address<>("container.defined", ContainerEvent.ContainerDefined.class);
    public static final Address<ContainerEvent.ContainerStarted> CONTAINER_STARTED =
            new Address<>("container.started", ContainerEvent.ContainerStarted.class);
    public static final Address<ContainerEvent.ContainerStopped> CONTAINER_STOPPED =
            new Address<>("container.stopped", ContainerEvent.ContainerStopped.class);
    public static final Address<ContainerEvent.ContainerRemoved> CONTAINER_REMOVED =
            new Address<>("container.removed", ContainerEvent.ContainerRemoved.class);

    public static final Address<ProxmoxEvent.ProxmoxListed> PROXMOX_LISTED =
            new Address<>("proxmox.listed", ProxmoxEvent.ProxmoxListed.class);
    public static final Address<ProxmoxEvent.ProxmoxLost> PROXMOX_LOST =
            new Address<>("proxmox.lost", ProxmoxEvent.ProxmoxLost.class);
    public static final Address<ProxmoxEvent.ProxmoxConfigured> PROXMOX_CONFIGURED =
            new Address<>("proxmox.configured", ProxmoxEvent.ProxmoxConfigured.class);
    public static final Address<ProxmoxEvent.ProxmoxUnreadable> PROXMOX_UNREADABLE =
            new Address<>("proxmox.unreadable", ProxmoxEvent.ProxmoxUnreadable.class);
    public static final Address<ProxmoxEvent.ProxmoxUnconfigured> PROXMOX_UNCONFIGURED =
            new Address<>("proxmox.unconfigured", ProxmoxEvent.ProxmoxUnconfigured.class);

    public static final Address<AnswerEvent.NamespaceResolved> NAMESPACE_RESOLVED =
            new Address<>("namespace.resolved", AnswerEvent.NamespaceResolved.class);
    public static final Address<AnswerEvent.LinkAnswered> LINK_ANSWERED =
            new Address<>("link.answered", AnswerEvent.LinkAnswered.class);
    public static final Address<AnswerEvent.LinkPrepared> LINK_PREPARED =
            new Address<>("link.prepared", AnswerEvent.LinkPrepared.class);
    public static final Address<AnswerEvent.LinkMade> LINK_MADE =
            new Address<>("link.made", AnswerEvent.LinkMade.class);
    public static final Address<AnswerEvent.ChecksumsFinished> CHECKSUMS_FINISHED =
            new Address<>("checksums.finished", AnswerEvent.ChecksumsFinished.class);
    public static final Address<AnswerEvent.PortsHeard> PORTS_HEARD =
            new Address<>("ports.heard", AnswerEvent.PortsHeard.class);
    public static final Address<AnswerEvent.AddressKept> ADDRESS_KEPT =
            new Address<>("address.kept", AnswerEvent.AddressKept.class);
    public static final Address<AnswerEvent.AddressCleared> ADDRESS_CLEARED =
            new Address<>("address.cleared", AnswerEvent.AddressCleared.class);
    public static final Address<AnswerEvent.EnrollmentSettled> ENROLLMENT_SETTLED =
            new Address<>("enrollment.settled", AnswerEvent.EnrollmentSettled.class);
    public static final Address<AnswerEvent.QuietEnded> QUIET_ENDED =
            new Address<>("quiet.ended", AnswerEvent.QuietEnded.class);

    public static final Address<EnrollmentEvent.LinkRenamed> LINK_RENAMED =
            new Address<>("link.renamed", EnrollmentEvent.LinkRenamed.class);
    public static final Address<EnrollmentEvent.OffloadDisabled> OFFLOAD_DISABLED =
            new Address<>("offload.disabled", EnrollmentEvent.OffloadDisabled.class);
    public static final Address<EnrollmentEvent.AddressAssigned> ADDRESS_ASSIGNED =
            new Address<>("address.assigned", EnrollmentEvent.AddressAssigned.class);
    public static final Address<EnrollmentEvent.ContainerEnrolled> CONTAINER_ENROLLED =
            new Address<>("container.enrolled", EnrollmentEvent.ContainerEnrolled.class);
    public static final Address<EnrollmentEvent.EnrollmentRefused> ENROLLMENT_REFUSED =
            new Address<>("enrollment.refused", EnrollmentEvent.EnrollmentRefused.class);
    public static final Address<EnrollmentEvent.EnrollmentLost> ENROLLMENT_LOST =
            new Address<>("enrollment.lost", EnrollmentEvent.EnrollmentLost.class);
    public static final Address<EnrollmentEvent.ContainerLeft> CONTAINER_LEFT =
            new Address<>("container.left", EnrollmentEvent.ContainerLeft.class);
    public static final Address<EnrollmentEvent.DriftSeen> DRIFT_SEEN =
            new Address<>("drift.seen", EnrollmentEvent.DriftSeen.class);

    public static final Address<StateEvent.ContainerCreated> CONTAINER_CREATED =
            new Address<>("container.created", StateEvent.ContainerCreated.class);
    public static final Address<StateEvent.ContainerChanged> CONTAINER_CHANGED =
            new Address<>("container.changed", StateEvent.ContainerChanged.class);
    public static final Address<StateEvent.ContainerDestroyed> CONTAINER_DESTROYED =
            new Address<>("container.destroyed", StateEvent.ContainerDestroyed.class);
    public static final Address<StateEvent.ApplyFailed> APPLY_FAILED =
            new Address<>("apply.failed", StateEvent.ApplyFailed.class);

    public static final Address<CallerEvent.ChangeRequested> CHANGE_REQUESTED =
            new Address<>("change.requested", CallerEvent.ChangeRequested.class);

    public static final Address<UplinkEvent.UplinkPlanned> UPLINK_PLANNED =
            new Address<>("uplink.planned", UplinkEvent.UplinkPlanned.class);
    public static final Address<UplinkEvent.UplinkStepped> UPLINK_STEPPED =
            new Address<>("uplink.stepped", UplinkEvent.UplinkStepped.class);
    public static final Address<UplinkEvent.UplinkMoved> UPLINK_MOVED =
            new Address<>("uplink.moved", UplinkEvent.UplinkMoved.class);
    public static final Address<UplinkEvent.UplinkConfirmed> UPLINK_CONFIRMED =
            new Address<>("uplink.confirmed", UplinkEvent.UplinkConfirmed.class);
    public static final Address<UplinkEvent.UplinkReverted> UPLINK_REVERTED =
            new Address<>("uplink.reverted", UplinkEvent.UplinkReverted.class);
    public static final Address<UplinkEvent.RevertFailed> REVERT_FAILED =
            new Address<>("revert.failed", UplinkEvent.RevertFailed.class);
    public static final Address<UplinkEvent.UplinkMarked> UPLINK_MARKED =
            new Address<>("uplink.marked", UplinkEvent.UplinkMarked.class);
    public static final Address<UplinkEvent.UplinkContested> UPLINK_CONTESTED =
            new Address<>("uplink.contested", UplinkEvent.UplinkContested.class);

    public static final Address<LabEvent.LabStarted> LAB_STARTED =
            new Address<>("lab.started", LabEvent.LabStarted.class);
    public static final Address<LabEvent.LabStopped> LAB_STOPPED =
            new Address<>("lab.stopped", LabEvent.LabStopped.class);
    public static final Address<LabEvent.LabChanged> LAB_CHANGED =
            new Address<>("lab.changed", LabEvent.LabChanged.class);
    public static final Address<LabEvent.EndpointJoined> ENDPOINT_JOINED =
            new Address<>("endpoint.joined", LabEvent.EndpointJoined.class);
    public static final Address<LabEvent.EndpointLeft> ENDPOINT_LEFT =
            new Address<>("endpoint.left", LabEvent.EndpointLeft.class);
    public static final Address<LabEvent.LabDegraded> LAB_DEGRADED =
            new Address<>("lab.degraded", LabEvent.LabDegraded.class);
    public static final Address<LabEvent.LabRecovered> LAB_RECOVERED =
            new Address<>("lab.recovered", LabEvent.LabRecovered.class);

    public static final Address<MeshEvent.MeshDelayed> MESH_DELAYED =
            new Address<>("mesh.delayed", MeshEvent.MeshDelayed.class);
    public static final Address<MeshEvent.MeshRegistered> MESH_REGISTERED =
            new Address<>("mesh.registered", MeshEvent.MeshRegistered.class);
    public static final Address<MeshEvent.MeshJoined> MESH_JOINED =
            new Address<>("mesh.joined", MeshEvent.MeshJoined.class);
    public static final Address<MeshEvent.MeshDegraded> MESH_DEGRADED =
            new Address<>("mesh.degraded", MeshEvent.MeshDegraded.class);
    public static final Address<MeshEvent.MeshLost> MESH_LOST = new Address<>("mesh.lost", MeshEvent.MeshLost.class);
    public static final Address<MeshEvent.MeshRecovered> MESH_RECOVERED =
            new Address<>("mesh.recovered", MeshEvent.MeshRecovered.class);
    public static final Address<MeshEvent.MeshLeft> MESH_LEFT = new Address<>("mesh.left", MeshEvent.MeshLeft.class);
    public static final Address<MeshEvent.MeshOrphaned> MESH_ORPHANED =
            new Address<>("mesh.orphaned", MeshEvent.MeshOrphaned.class);
    public static final Address<MeshEvent.MeshCleaned> MESH_CLEANED =
            new Address<>("mesh.cleaned", MeshEvent.MeshCleaned.class);

    public static final Address<LedgerEvent.EntryCommitted> ENTRY_COMMITTED =
            new Address<>("entry.committed", LedgerEvent.EntryCommitted.class);
    public static final Address<LedgerEvent.LedgerDegraded> LEDGER_DEGRADED =
            new Address<>("ledger.degraded", LedgerEvent.LedgerDegraded.class);
    public static final Address<LedgerEvent.LedgerRecovered> LEDGER_RECOVERED =
            new Address<>("ledger.recovered", LedgerEvent.LedgerRecovered.class);

    public static final Address<ClusterEvent.LedgerForked> LEDGER_FORKED =
            new Address<>("ledger.forked", ClusterEvent.LedgerForked.class);
    public static final Address<ClusterEvent.ContainerClaimedTwice> CONTAINER_CLAIMED_TWICE =
            new Address<>("container.claimed-twice", ClusterEvent.ContainerClaimedTwice.class);

    /** The addresses of {@link AnswerEvent}s, which are published nowhere else. */
    public static final List<Address<? extends AnswerEvent>> ANSWERS = List.of(
            NAMESPACE_RESOLVED,
            LINK_ANSWERED,
            LINK_PREPARED,
            LINK_MADE,
            CHECKSUMS_FINISHED,
            PORTS_HEARD,
            ADDRESS_KEPT,
            ADDRESS_CLEARED,
            ENROLLMENT_SETTLED,
            QUIET_ENDED);

    /** All addresses, in the order of docs/EVENTS.md. */
    public static final List<Address<? extends Event>> ALL = List.of(
            AGENT_STARTED,
            AGENT_STOPPING,
            SOURCE_LISTED,
            SOURCE_LOST,
            LINK_APPEARED,
            LINK_CHANGED,
            LINK_VANISHED,
            BRIDGE_ADDED,
            BRIDGE_CHANGED,
            BRIDGE_REMOVED,
            PORT_ADDED,
            PORT_CHANGED,
            PORT_REMOVED,
            CONTAINER_DEFINED,
            CONTAINER_STARTED,
            CONTAINER_STOPPED,
            CONTAINER_REMOVED,
            PROXMOX_LISTED,
            PROXMOX_LOST,
            PROXMOX_CONFIGURED,
            PROXMOX_UNREADABLE,
            PROXMOX_UNCONFIGURED,
            NAMESPACE_RESOLVED,
            LINK_ANSWERED,
            LINK_PREPARED,
            LINK_MADE,
            CHECKSUMS_FINISHED,
            PORTS_HEARD,
            ADDRESS_KEPT,
            ADDRESS_CLEARED,
            ENROLLMENT_SETTLED,
            QUIET_ENDED,
            LINK_RENAMED,
            OFFLOAD_DISABLED,
            ADDRESS_ASSIGNED,
            CONTAINER_ENROLLED,
            ENROLLMENT_REFUSED,
            ENROLLMENT_LOST,
            CONTAINER_LEFT,
            DRIFT_SEEN,
            CONTAINER_CREATED,
            CONTAINER_CHANGED,
            CONTAINER_DESTROYED,
            APPLY_FAILED,
            CHANGE_REQUESTED,
            UPLINK_PLANNED,
            UPLINK_STEPPED,
            UPLINK_MOVED,
            UPLINK_CONFIRMED,
            UPLINK_REVERTED,
            REVERT_FAILED,
            UPLINK_MARKED,
            UPLINK_CONTESTED,
            LAB_STARTED,
            LAB_STOPPED,
            LAB_CHANGED,
            ENDPOINT_JOINED,
            ENDPOINT_LEFT,
            LAB_DEGRADED,
            LAB_RECOVERED,
            MESH_DELAYED,
            MESH_REGISTERED,
            MESH_JOINED,
            MESH_DEGRADED,
            MESH_LOST,
            MESH_RECOVERED,
            MESH_LEFT,
            MESH_ORPHANED,
            MESH_CLEANED,
            ENTRY_COMMITTED,
            LEDGER_DEGRADED,
            LEDGER_RECOVERED,
            LEDGER_FORKED,
            CONTAINER_CLAIMED_TWICE);

    private static final Map<Class<?>, Address<? extends Event>> BY_TYPE =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Address::type, Function.identity()));

    /** The address on the event bus: {@code op-dbus.<kind>}. */
    public String value() {
        return PREFIX + kind;
    }

    /** Returns the address of this event's record. */
    public static Address<? extends Event> of(Event event) {
        Address<? extends Event> address = BY_TYPE.get(event.getClass());
        if (address == null) {
            throw new IllegalStateException("no address is declared for " + event.getClass());
        }
        return address;
    }
}

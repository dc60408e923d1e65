// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import java.util.Map;
import java.util.Optional;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;

/**
 * The changes of one apply, each with its steps.
 *
 * @param entries the entries of the state that is applied
 * @param last the record of the last apply
 */
record ChangeSteps(
        StateDiff diff,
        Map<ContainerId, DesiredContainer> entries,
        LastApplied last,
        Applier.Steps steps,
        EnrollmentWork enrollment,
        ApplyRun run) {
    /** Carries out a change, and keeps the record of what is applied. */
    Completable of(ContainerChange change) {
        if (change instanceof Delete delete) {
            return remove(delete.id(), delete.why());
        }
        DesiredContainer entry = entry(change.id());
        if (change instanceof Create create) {
            return steps.containers().create(create.desired(), entry, run.applied(entry));
        }
        Completable kept =
                change instanceof Modify modify ? modify(modify, entry) : enrollment.want(entry, before(change.id()));
        return kept.andThen(run.applied(entry));
    }

    private Completable remove(ContainerId id, String why) {
        return (StateDiff.isAttachment(id)
                        ? steps.attachments().detach(before(id).orElseThrow(), why, diff.runs(id))
                        : steps.containers().destroy(id, why))
                .andThen(run.forgotten(id));
    }

    private Completable modify(Modify modify, DesiredContainer entry) {
        ContainerId id = modify.id();
        ContainerState wanted = diff.desired().stream()
                .filter(state -> state.id().equals(id))
                .findFirst()
                .orElseThrow();
        return StateDiff.isAttachment(id)
                ? steps.attachments().modify(modify, wanted, entry, before(id), diff.runs(id))
                : steps.containers().modify(modify, wanted, entry, before(id));
    }

    private Optional<DesiredContainer> before(ContainerId id) {
        return Optional.ofNullable(last.containers().get(id));
    }

    private DesiredContainer entry(ContainerId id) {
        DesiredContainer entry = entries.get(id);
        if (entry == null) {
            throw new IllegalStateException("container " + id + " must change, but the state does not name it");
        }
        return entry;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Future;
import java.util.Optional;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Caller;
import org.opdbus.verticles.dbus.service.CallerRights;
import org.opdbus.verticles.dbus.wire.BusErrorException;

/** The rights of callers of one connection, as the package's page says. Every refusal is counted and logged. */
public final class PolicyRights implements CallerRights {
    private static final String QUERY = "org.opdbus.query";
    private static final String APPLY = "org.opdbus.apply";

    private final CallerIdentities identities;
    private final Polkit polkit;
    private final ReaderGroup readers;
    private final DeniedCalls deniedCalls;

    /** Creates the rights; the identities and polkit are those of the same connection. */
    public PolicyRights(CallerIdentities identities, Polkit polkit, ReaderGroup readers, DeniedCalls deniedCalls) {
        this.identities = identities;
        this.polkit = polkit;
        this.readers = readers;
        this.deniedCalls = deniedCalls;
    }

    @Override
    public Single<Caller> require(Question question) {
        return Single.defer(() -> Single.fromCompletionStage(identities
                .identify(question.busName())
                .transform(known -> known.succeeded()
                        ? decide(question, known.result())
                        : refuse(question, Denial.UNIDENTIFIED, "caller=" + question.busName()))
                .toCompletionStage()));
    }

    @Override
    public Single<Boolean> mayRead(String busName) {
        Question question = new Question(busName, Access.READ, "", false);
        return Single.defer(() -> Single.fromCompletionStage(identities
                .identify(busName)
                .compose(caller -> denial(question, caller))
                .map(Optional::isEmpty)
                .otherwise(false)
                .toCompletionStage()));
    }

    private Future<Caller> decide(Question question, CallerIdentity caller) {
        return denial(question, caller)
                .compose(refused -> refused.isEmpty()
                        ? Future.succeededFuture(new Caller(caller.busName(), caller.uid(), caller.pid()))
                        : refuse(
                                question,
                                refused.get(),
                                "caller=" + caller.busName() + " uid=" + caller.uid() + " pid=" + caller.pid()));
    }

    private Future<Optional<Denial>> denial(Question question, CallerIdentity caller) {
        if (caller.isRoot() || question.access() == Access.OPEN) {
            return Future.succeededFuture(Optional.empty());
        }
        return switch (question.access()) {
            case OPEN -> Future.succeededFuture(Optional.empty());
            case READ ->
                readers.includes(caller)
                        .compose(isMember -> isMember
                                ? Future.succeededFuture(Optional.empty())
                                : polkit.check(caller, new Polkit.Action(QUERY, question.interactive())));
            case CHANGE -> polkit.check(caller, new Polkit.Action(APPLY, question.interactive()));
            case ROOT -> Future.succeededFuture(Optional.of(Denial.NOT_ROOT));
        };
    }

    private Future<Caller> refuse(Question question, Denial why, String caller) {
        deniedCalls.refused(why, question, caller);
        return Future.failedFuture(BusErrorException.standard(
                why.error(), question.operation() + " needs " + needed(question.access()) + ", and " + why.why()));
    }

    private String needed(Access access) {
        return switch (access) {
            case OPEN -> "a caller that the bus knows";
            case READ -> "root, a member of the group " + readers.name() + ", or polkit's action " + QUERY;
            case CHANGE -> "root, or polkit's action " + APPLY;
            case ROOT -> "root";
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.process.LabFolders;

/** The containers of one kind that are machines of labs: their records, their starts and ends. Safe for use by any thread. */
final class ContainerMachines implements AutoCloseable {
    private final LabFolders folders;
    private final String kind;
    private final BiFunction<String, MachineFiles, Starter> starter;
    private final MachineThreads threads;
    private final Set<String> labs = ConcurrentHashMap.newKeySet();

    /** Starts and ends the containers of one lab. Every method waits. */
    interface Starter {
        void start(LabItem item) throws IOException, InterruptedException;

        void stop(LabItem item) throws IOException, InterruptedException;

        /** Ends a container of which only the record is known. */
        void stop(int number, ContainerRecord record) throws IOException, InterruptedException;
    }

    /**
     * Creates them.
     *
     * @param kind the word for the kind of machine in the names of files
     * @param starter makes what starts the containers of a lab, from the lab's name and its files
     */
    ContainerMachines(
            LabFolders folders,
            String kind,
            BiFunction<String, MachineFiles, Starter> starter,
            MachineThreads threads) {
        this.folders = folders;
        this.kind = kind;
        this.starter = starter;
        this.threads = threads;
    }

    Completable start(String lab, LabItem item) {
        return threads.run(() -> {
            starter(lab).start(item);
            add(lab);
        });
    }

    private Starter starter(String lab) {
        return starter.apply(lab, files(lab));
    }

    private MachineFiles files(String lab) {
        return new MachineFiles(folders.of(lab), kind);
    }

    Completable stop(String lab, LabItem item) {
        return threads.run(() -> starter(lab).stop(item));
    }

    Completable endOther(String lab, String item) {
        return threads.run(() -> {
            for (Map.Entry<Integer, ContainerRecord> each : records(lab).entrySet()) {
                if (each.getValue().item().equals(item)) {
                    starter(lab).stop(each.getKey(), each.getValue());
                }
            }
        });
    }

    /** Returns the records of a lab's containers, by the number of the item; it reads files. */
    Map<Integer, ContainerRecord> records(String lab) throws IOException {
        Map<Integer, ContainerRecord> records = new TreeMap<>();
        files(lab)
                .all()
                .forEach((number, lines) ->
                        ContainerRecord.read(lines).ifPresent(record -> records.put(number, record)));
        return records;
    }

    /** See {@link MachineThreads#look}. */
    <T> Single<T> look(Callable<T> work) {
        return threads.look(work);
    }

    /** Adds a lab to those that {@link #changed()} tells. */
    void add(String lab) {
        labs.add(lab);
    }

    /** Tells a change of each lab that has been started or added. */
    void changed() {
        labs.forEach(threads::changed);
    }

    /** Tells a change of one lab. */
    void changed(String lab) {
        threads.changed(lab);
    }

    Flowable<String> changes() {
        return threads.changes();
    }

    @Override
    public void close() {
        threads.close();
    }
}

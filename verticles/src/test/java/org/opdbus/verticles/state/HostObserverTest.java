// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.lxc.ContainerFolders;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.testing.JavaProgram;

/** One container's folder that is not as it should be, and the others, which must be shown all the same. */
@Timeout(60)
class HostObserverTest {
    @TempDir
    Path folder;

    private final CommandRunner runner = new CommandRunner();

    @AfterEach
    void close() {
        runner.close();
    }

    @Test
    void a_folder_whose_name_no_container_can_have_is_left_out() throws IOException {
        define("good", "lxc.net.0.veth.pair = vi1\n");
        define("bad\u001b[2J", "");
        define("worse\nforged", "");

        assertThat(observed()).containsExactly("good");
        assertThat(ContainerFolders.in(folder).leftOut()).containsExactlyInAnyOrder("bad\u001b[2J", "worse\nforged");
    }

    @Test
    void a_configuration_that_no_container_has_is_left_out() throws Exception {
        define("good", "lxc.net.0.veth.pair = vi1\n");
        define("huge", "");
        try (RandomAccessFile huge = new RandomAccessFile(config("huge"), "rw")) {
            huge.setLength(10L << 30);
        }
        define("nul", "lxc.rootfs.path = dir:/x\0y\n");
        Files.createDirectory(folder.resolve("fifo"));
        assertThat(new ProcessBuilder("mkfifo", config("fifo").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(observed()).containsExactly("good");
    }

    @Test
    void a_name_that_the_locale_has_no_letters_for_is_left_out() throws Exception {
        define("good", "");
        // Made by a shell: this process may have no letters for it either.
        String script = "cd \"$0\" && name=$(printf 'gr\\303\\266') && mkdir $name && touch $name/config";
        assertThat(new ProcessBuilder("sh", "-c", script, folder.toString())
                        .start()
                        .waitFor())
                .isZero();
        ProcessBuilder listing = new ProcessBuilder(JavaProgram.command(Listing.class, folder.toString()));
        listing.environment().put("LC_ALL", "C");

        Process process = listing.redirectError(ProcessBuilder.Redirect.INHERIT).start();

        assertThat(process.inputReader().readLine()).isEqualTo("[good] 1");
    }

    /** Lists the containers of the folder that its argument names, in a locale of its own. */
    static final class Listing {
        private Listing() {}

        public static void main(String[] arguments) throws IOException {
            ContainerFolders folders = ContainerFolders.in(Path.of(arguments[0]));
            System.out.print(folders.ids() + " " + folders.leftOut().size());
        }
    }

    private List<String> observed() {
        HostObserver observer = new HostObserver(new LxcDriver(runner, folder), new NothingLive(), MeshWork.NONE);
        return observer.observeAll().blockingGet().stream()
                .map(state -> state.id().value())
                .toList();
    }

    private void define(String name, String config) throws IOException {
        Files.createDirectory(folder.resolve(name));
        Files.writeString(config(name).toPath(), config);
    }

    private File config(String name) {
        return folder.resolve(name).resolve("config").toFile();
    }

    private static final class NothingLive implements EnrollmentWork {
        @Override
        public Completable want(DesiredContainer container, Optional<DesiredContainer> before) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Completable forget(ContainerId container) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Single<List<LiveContainer>> live() {
            return Single.just(List.of());
        }

        @Override
        public Flowable<LiveContainer> watch(ContainerId container) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Single<Optional<Set<String>>> bridges() {
            return Single.just(Optional.empty());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.tree.WritableFile;
import org.opdbus.verticles.testing.Laboratory;

/** A tree that is really mounted is read by the programs that people use. */
final class MountedTreeIT {
    private final SyntheticTree tree = new SyntheticTree();
    private final AtomicReference<RuntimeException> defect = new AtomicReference<>();
    private long folder;
    private Path root;
    private MountedTree mounted;

    @BeforeEach
    void mount(@TempDir Path temporary) throws IOException {
        Laboratory.require();
        folder = tree.folder(FileTree.ROOT, "ports");
        tree.file(folder, "tag", "7\n");
        tree.file(folder, "name", "vi100\n");
        tree.link(FileTree.ROOT, "first", "ports/name");
        root = Files.createDirectory(temporary.resolve("a folder")).toRealPath();
        mounted = MountedTree.mount(tree, root, new FileAccess(7, false, false), (what, cause) -> defect.set(cause));
    }

    @AfterEach
    void unmount() throws Exception {
        assertThat(mounted.unmount()).isTrue();
        assertThat(mounted.ended().get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(defect.get()).isNull();
    }

    @Test
    void programs_read_it_as_any_folder() throws Exception {
        assertThat(run("find . -mindepth 1 | sort")).isEqualTo("./first\n./ports\n./ports/name\n./ports/tag\n");
        assertThat(run("cat first ports/tag")).isEqualTo("vi100\n7\n");
        assertThat(run("stat -c '%n %s %a %U %g %h' . ports ports/tag first"))
                .isEqualTo(". 0 550 root 7 3\nports 0 550 root 7 2\nports/tag 2 440 root 7 1\nfirst 10 777 root 7 1\n");
        assertThat(run("grep -r vi . ; readlink first")).isEqualTo("./ports/name:vi100\nports/name\n");
        assertThat(run("ls -lR | wc -l")).isEqualTo("9\n");
    }

    @Test
    void nothing_can_be_written() throws Exception {
        assertThat(run("touch ports/tag 2>&1; rm -f ports/tag 2>&1; mkdir new 2>&1; cat ports/tag"))
                .contains("Read-only file system")
                .endsWith("\n7\n");
    }

    @Test
    void what_can_be_written_takes_requests_and_answers_them() throws Exception {
        tree.writable(FileTree.ROOT, "desired", WritableFile.Takes.ALL_AT_CLOSE);
        tree.writable(FileTree.ROOT, "tag", WritableFile.Takes.EACH_WRITE);
        assertThat(mounted.unmount()).isTrue();
        mounted = MountedTree.mount(tree, root, new FileAccess(7, false, true), (what, cause) -> defect.set(cause));

        assertThat(run("stat -c '%n %a' desired tag first ports/tag"))
                .isEqualTo("desired 640\ntag 640\nfirst 777\nports/tag 440\n");
        assertThat(run("echo new >desired && cat desired")).isEqualTo("NEW\n");
        assertThat(run("(echo bad; echo more) >desired || echo failed; cat desired"))
                .isEqualTo("NEW\n");
        assertThat(python("os.write(f,b'bad'); os.close(f)", "desired")).contains("[Errno 22]");
        assertThat(python("os.write(f,b'a'); os.write(f,b'b'); os.close(f)", "desired"))
                .isEqualTo("b'AB'\n");
        assertThat(python("os.write(f,b'x'*21)", "desired")).contains("[Errno 27]");
        assertThat(python("os.write(f,b'bad')", "tag")).contains("[Errno 22]");
        assertThat(run("echo 12 >tag; cat tag")).isEqualTo("12\n");
        assertThat(run("echo x 2>&1 >ports/tag; touch new 2>&1; chmod 777 tag 2>&1; cat ports/tag"))
                .contains("Permission denied", "Read-only file system", "Operation not permitted")
                .endsWith("7\n");
    }

    private String python(String actions, String file) throws Exception {
        Process python = start(
                "python3",
                "-c",
                "import os\nf=os.open('" + file + "',os.O_WRONLY|os.O_TRUNC)\ntry:\n " + actions + "\n print(open('"
                        + file + "','rb').read())\nexcept OSError as e: print(e)");
        return new String(python.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void random_calls_get_an_answer_each_and_leave_it_as_it_is() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        String random = """
                import os,random,fcntl,mmap,select,sys
                r=random.Random(int(sys.argv[1])); fds=[]
                names=[b'.',b'..',b'ports',b'ports/tag',b'first',b'none',b'\\xff\\xfe',b'a'*255,b'a'*256,b'ports/tag/x',b'first/x']
                path=lambda: r.choice(names)
                fd=lambda: r.choice(fds) if fds and r.random()<.9 else r.randrange(100,200)
                number=lambda: r.choice([0,1,7,4096,2**31-1,2**31,2**63-1,-1,r.randrange(2**40)])
                calls=[
                 lambda: fds.append(os.open(path(),r.choice([0,1,2,os.O_CREAT,os.O_TRUNC|1,os.O_APPEND|1,os.O_PATH,
                   os.O_DIRECTORY,os.O_NONBLOCK,os.O_DIRECT,os.O_TMPFILE|1])|os.O_CLOEXEC,0o600)),
                 lambda: os.close(fds.pop(r.randrange(len(fds)))) if fds else None,
                 lambda: os.pread(fd(),r.choice([0,1,5,200000]),number()), lambda: os.pwrite(fd(),b'x'*r.randrange(9000),number()),
                 lambda: os.lseek(fd(),number(),r.randrange(6)), lambda: os.ftruncate(fd(),number()),
                 lambda: os.posix_fallocate(fd(),number(),number()), lambda: fcntl.ioctl(fd(),r.randrange(2**32),bytes(64)),
                 lambda: fcntl.flock(fd(),fcntl.LOCK_EX|fcntl.LOCK_NB), lambda: fcntl.lockf(fd(),fcntl.LOCK_SH|fcntl.LOCK_NB),
                 lambda: os.copy_file_range(fd(),fd(),r.randrange(99)), lambda: os.fsync(fd()), lambda: os.listdir(path()),
                 lambda: os.getxattr(path(),'user.a'), lambda: os.setxattr(path(),'user.a',b'b'), lambda: os.listxattr(path()),
                 lambda: os.rename(path(),path()), lambda: os.link(path(),path()), lambda: os.symlink(path(),path()),
                 lambda: os.mknod(path(),r.choice([0o100600,0o10600,0o20600,0o60600,0o140600]),1), lambda: os.mkdir(path()),
                 lambda: os.unlink(path()), lambda: os.rmdir(path()), lambda: os.chmod(path(),r.randrange(0o10000)),
                 lambda: os.chown(path(),r.randrange(9),r.randrange(9)), lambda: os.utime(path()), lambda: os.truncate(path(),number()),
                 lambda: os.statvfs(path()), lambda: os.stat(path()), lambda: os.readlink(path()), lambda: os.access(path(),r.randrange(8)),
                 lambda: mmap.mmap(fd(),r.choice([0,1,9000]),r.choice([1,2]),r.choice([1,3]))[:1],
                 lambda: (lambda p: (p.register(fd(),r.randrange(64)),p.poll(0)))(select.poll())]
                done=0
                for i in range(20000):
                 try: r.choice(calls)(); done+=1
                 except (OSError,ValueError,OverflowError,IndexError,TypeError): pass
                 while len(fds)>60: os.close(fds.pop(0))
                print('survived',done>500)
                """;
        Process python = start("python3", "-c", random, Long.toString(seed));
        String said = new String(python.getInputStream().readAllBytes(), UTF_8);

        assertThat(said).as("-Dseed=%s", seed).isEqualTo("survived True\n");
        assertThat(run("cat first ports/tag; find . | wc -l"))
                .as("-Dseed=%s", seed)
                .isEqualTo("vi100\n7\n5\n");
        assertThat(mounted.ended()).isNotDone();
    }

    @Test
    void a_change_is_seen_at_once_in_size_and_content_and_list() throws Exception {
        assertThat(run("stat -c %s ports/tag; ls ports")).isEqualTo("2\nname\ntag\n");

        tree.write(folder, "tag", "4711\n");
        eventually(() -> assertThat(run("stat -c %s ports/tag; cat ports/tag")).isEqualTo("5\n4711\n"));
        tree.file(folder, "trunks", "");
        assertThat(run("ls ports")).isEqualTo("name\ntag\ntrunks\n");
        tree.remove(folder, "tag");
        eventually(() -> assertThat(run("cat ports/tag 2>&1")).contains("No such file"));
        assertThat(run("ls ports")).isEqualTo("name\ntrunks\n");
    }

    @Test
    void a_list_that_the_kernel_keeps_shows_each_change() throws Exception {
        for (int round = 0; round < 20; round++) {
            String name = "round" + round;
            assertThat(run("ls -l ports >/dev/null; ls ports")).doesNotContain(name);
            tree.file(folder, name, "1\n");
            assertThat(run("ls ports")).contains(name);
            tree.write(folder, name, "22\n");
            eventually(() -> assertThat(run("stat -c %s ports/" + name)).isEqualTo("3\n"));
            assertThat(run("ls -l ports")).contains(" 3 ");
            tree.remove(folder, name);
            assertThat(run("ls ports")).doesNotContain(name);
        }
    }

    @Test
    void what_is_open_shows_one_state_until_it_is_read_from_its_beginning() throws Exception {
        try (FileChannel open = FileChannel.open(root.resolve("ports/name"))) {
            ByteBuffer part = ByteBuffer.allocate(3);
            open.read(part);
            tree.write(folder, "name", "other\n");
            tree.remove(folder, "name");
            assertThat(new String(Channels.newInputStream(open).readAllBytes(), UTF_8))
                    .isEqualTo("00\n");
            tree.file(folder, "name", "new\n");
            assertThat(Files.readString(root.resolve("ports/name"))).isEqualTo("new\n");
        }
        try (FileChannel open = FileChannel.open(root.resolve("ports/name"))) {
            Channels.newInputStream(open).readAllBytes();
            tree.write(folder, "name", "newer\n");
            open.position(0);
            assertThat(new String(Channels.newInputStream(open).readAllBytes(), UTF_8))
                    .isEqualTo("newer\n");
        }
    }

    @Test
    void those_who_poll_a_file_wake_when_it_changes() throws Exception {
        String poller = """
                import select,os
                f=os.open('ports/tag',os.O_RDONLY)
                os.read(f,100)
                p=select.poll(); p.register(f,select.POLLPRI)
                print(p.poll(0),flush=True)
                print(p.poll(60000),flush=True)
                os.lseek(f,0,0); print(os.read(f,100),p.poll(0))
                """;
        Process python = start("python3", "-c", poller);
        assertThat(line(python)).isEqualTo("[]");

        tree.write(folder, "tag", "8\n");

        assertThat(line(python)).contains(", 10)]");
        assertThat(line(python)).isEqualTo("b'8\\n' []");
        assertThat(python.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void those_who_watch_hear_of_each_change() throws Exception {
        run("ls -lR");
        Process watch = start("inotifywait", "-m", "-q", "-e", "create,modify,delete", "--format", "%e %f", "ports");
        // The watch stands when a change that is repeated has been heard of.
        eventually(() -> {
            tree.write(folder, "name", "watched\n");
            assertThat(watch.inputReader().ready()).isTrue();
        });

        tree.file(folder, "mtu", "1500\n");
        assertThat(next(watch)).isEqualTo("CREATE mtu");
        tree.folder(folder, "statistics");
        assertThat(next(watch)).isEqualTo("CREATE,ISDIR statistics");
        tree.write(folder, "mtu", "9000\n");
        assertThat(next(watch)).isEqualTo("MODIFY mtu");
        tree.remove(folder, "statistics");
        assertThat(next(watch)).isEqualTo("DELETE,ISDIR statistics");
        tree.remove(folder, "mtu");
        assertThat(next(watch)).isEqualTo("DELETE mtu");
        tree.remove(folder, "tag");
        assertThat(next(watch)).isEqualTo("DELETE tag");
        tree.link(folder, "tag", "name");
        assertThat(next(watch)).isEqualTo("CREATE tag");
        watch.destroy();
        assertThat(watch.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void lost_changes_are_seen_all_the_same() throws Exception {
        run("ls -lR");
        tree.write(folder, "tag", "4711\n");
        tree.loseChanges();
        eventually(() -> assertThat(run("stat -c %s ports/tag")).isEqualTo("5\n"));
    }

    @Test
    void it_can_be_unmounted_by_hand_and_while_files_are_open() throws Exception {
        try (FileChannel open = FileChannel.open(root.resolve("ports/name"))) {
            assertThat(run("cd /; umount '" + root + "' 2>&1")).contains("busy");
            assertThat(run("cd /; umount -l '" + root + "' 2>&1")).isEmpty();
            assertThat(root.resolve("ports")).doesNotExist();
            assertThat(open.size()).isEqualTo(6);
        }
        assertThat(mounted.ended().get(10, TimeUnit.SECONDS)).isEmpty();
        assertThatThrownBy(() -> Files.readString(root.resolve("ports/name"))).isInstanceOf(NoSuchFileException.class);
    }

    private String run(String script) throws Exception {
        Process shell = start("sh", "-c", script);
        String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private Process start(String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String next(Process watch) throws IOException {
        String line = line(watch);
        while (line.equals("MODIFY name")) {
            line = line(watch);
        }
        return line;
    }

    private static String line(Process process) throws IOException {
        return process.inputReader().readLine();
    }
}

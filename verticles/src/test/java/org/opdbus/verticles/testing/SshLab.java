// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An sshd of this laboratory, and a network namespace from which clients log in. */
public final class SshLab {
    /** A user of this laboratory only. */
    public static final String USER = "visitor";

    private static final int USER_ID = 4_321;
    private static final String CLIENT = "client";
    private static final String HOST = "192.0.2.1";
    private static final String CLIENT_ADDRESS = "192.0.2.9";
    private static final String PORT = "9999";

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    /** Starts it; its files are in this folder. */
    public SshLab(Path folder) throws Exception {
        Laboratory.require();
        this.folder = folder;
        sh(
                "mkdir -p /run/sshd; ip link set lo up; ip netns add client; ip link add h0 type veth peer name c0 netns client;"
                        + " ip address add 192.0.2.1/24 dev h0; ip link set h0 up;"
                        + " ip -n client address add 192.0.2.9/24 dev c0; ip -n client link set c0 up; ip -n client link set lo up;"
                        // A veth leaves checksums to the receiver, and a userspace datapath between them does not
                        // finish them.
                        + " ip netns exec client ethtool -K c0 tx off >/dev/null");
        accounts();
        sh(
                "ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f key; chmod 755 .; chmod 644 key.pub");
        Path config = Files.writeString(folder.resolve("sshd_config"), """
                HostKey %1$s/host
                AuthorizedKeysFile %1$s/key.pub
                PidFile none
                StrictModes no
                UsePAM no
                PermitRootLogin yes
                MaxStartups 100
                """.formatted(folder));
        Path log = folder.resolve("log");
        processes.add(
                new ProcessBuilder("/usr/sbin/sshd", "-D", "-f", config.toString(), "-E", log.toString()).start());
        eventually(() -> assertThat(log).content().contains("Server listening on 0.0.0.0"));
    }

    /** Shows this laboratory, and no other process of the machine, a user of its own; and no account is locked. */
    private void accounts() throws Exception {
        sh("cp /etc/passwd passwd; cp /etc/shadow shadow; chmod 644 passwd; chmod 600 shadow;"
                + " echo '" + USER + ":x:" + USER_ID + ":" + USER_ID + "::/:/bin/sh' >>passwd;"
                + " sed -i 's/^root:[^:]*:/root:*:/' shadow; echo '" + USER + ":*:19000:0:99999:7:::' >>shadow;"
                + " mount --bind passwd /etc/passwd; mount --bind shadow /etc/shadow");
    }

    /** A session: a shell that reads commands. */
    public record Session(PrintWriter in, BufferedReader out) {
        /** Returns the number of the shell. */
        public long shell() throws IOException {
            return number("echo $$");
        }

        /** Starts a shell in this session, which stays, and returns its number. */
        public long newShell() throws IOException {
            return number("sh -c 'echo $$; exec sleep 600' &");
        }

        /** Starts a shell in this session by a program such as {@code su root -c}, and returns its number. */
        public long newShellBy(String program) throws IOException {
            return number(program + " 'echo $$; exec sleep 600' </dev/null &");
        }

        /** Starts a shell outside of this session. */
        public long detachedShell() throws IOException {
            return number("setsid -f sh -c 'echo $$; exec sleep 600' </dev/null 2>/dev/null");
        }

        public long shellInTmux() throws IOException {
            in.println("mkdir -p -m 700 /run/tmux; TMUX_TMPDIR=/run/tmux tmux -f /dev/null new-session -d"
                    + " 'echo $$ >/run/tmux/shell.new; mv /run/tmux/shell.new /run/tmux/shell; exec sleep 600'");
            in.flush();
            eventually(() -> assertThat(Path.of("/run/tmux/shell")).exists());
            return Long.parseLong(Files.readString(Path.of("/run/tmux/shell")).strip());
        }

        /** Runs a command in the shell, and returns the line that it prints. */
        public String answer(String command) throws IOException {
            in.println(command);
            in.flush();
            return out.readLine();
        }

        private long number(String command) throws IOException {
            return Long.parseLong(answer(command));
        }
    }

    /** Logs in from the client, over a connection of its own. */
    public Session session(String user) throws IOException {
        return start(fromClient("-S", "none", user + "@" + HOST, "sh"));
    }

    /** Logs in from the client by IPv6. */
    public Session sessionByIpv6(String user) throws Exception {
        sh("ip address add 2001:db8::1/64 dev h0 nodad; ip -n client address add 2001:db8::9/64 dev c0 nodad");
        return start(fromClient("-S", "none", user + "@2001:db8::1", "sh"));
    }

    /** Logs in from this host itself. */
    public Session sessionFromHere(String address) throws IOException {
        return start(ssh("-S", "none", "root@" + address, "sh"));
    }

    /** Opens a connection that later sessions share. */
    public void share(String user) throws Exception {
        Process master = new ProcessBuilder(fromClient("-M", "-S", socket(user), "-N", user + "@" + HOST)).start();
        processes.add(master);
        eventually(() -> assertThat(Path.of(socket(user))).exists());
    }

    /** Logs in over the connection that is shared. */
    public Session sharedSession(String user) throws IOException {
        return start(fromClient("-S", socket(user), user + "@" + HOST, "sh"));
    }

    private String socket(String user) {
        return folder.resolve("master-" + user).toString();
    }

    /** Starts a server of the user to which the client connects, and returns the number of its process. */
    public long serverOfUser() throws Exception {
        Server server = server(List.of("setpriv", "--reuid=" + USER_ID, "--clear-groups"), HOST);
        start(List.of("ip", "netns", "exec", CLIENT), "succeeded", netcat(HOST));
        said(server.output(), "Connection received on " + CLIENT_ADDRESS);
        return server.pid();
    }

    /** Starts a process of root that connects to the client, and returns its number. */
    public long outgoing() throws Exception {
        server(List.of("ip", "netns", "exec", CLIENT), CLIENT_ADDRESS);
        return start(List.of(), "succeeded", netcat(CLIENT_ADDRESS)).pid();
    }

    /** A process that listens, and what it says. */
    private record Server(long pid, BufferedReader output) {}

    private Server server(List<String> before, String address) throws IOException {
        Process process = start(before, "Listening on " + address, List.of("nc", "-n", "-v", "-l", address, PORT));
        return new Server(process.pid(), process.inputReader());
    }

    private static List<String> netcat(String address) {
        return List.of("nc", "-n", "-v", address, PORT);
    }

    /** Starts a program, as the words before it say, and waits for what it says. */
    private Process start(List<String> before, String says, List<String> program) throws IOException {
        List<String> words = new ArrayList<>(before);
        words.addAll(program);
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        processes.add(process);
        said(process.inputReader(), says);
        return process;
    }

    private static void said(BufferedReader output, String text) throws IOException {
        assertThat(output.readLine()).contains(text);
    }

    private Session start(List<String> words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        Session session =
                new Session(new PrintWriter(process.outputWriter(StandardCharsets.UTF_8)), process.inputReader());
        // It is open when its shell answers.
        session.shell();
        return session;
    }

    private List<String> fromClient(String... arguments) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", CLIENT));
        words.addAll(ssh(arguments));
        return words;
    }

    private List<String> ssh(String... arguments) {
        List<String> words = new ArrayList<>(
                List.of("ssh", "-F", "none", "-i", folder.resolve("key").toString()));
        for (String option : List.of(
                "BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")) {
            words.addAll(List.of("-o", option));
        }
        words.addAll(List.of(arguments));
        return words;
    }

    private void sh(String script) throws Exception {
        Process shell = new ProcessBuilder("sh", "-ec", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
    }

    /** Whatever was detached ends with the laboratory. */
    public void end() throws Exception {
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            process.waitFor();
        }
        sh(
                "TMUX_TMPDIR=/run/tmux tmux kill-server 2>/dev/null || true; rm -rf /run/tmux; umount /etc/passwd /etc/shadow; ip link delete h0; ip netns delete client");
    }
}

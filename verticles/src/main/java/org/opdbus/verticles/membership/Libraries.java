// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.membership.trust.Certificates;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.SignatureChecks;

/**
 * The libraries that only a cluster needs. They are in {@code lib/cluster} of the distribution, and only this class
 * loads them, on request. If they are on the class path, as in tests, it uses those.
 */
public final class Libraries {
    private static final String ENGINE = Libraries.class.getPackageName() + ".engine.";
    /** The packages that use the libraries; no class outside names one of their classes. */
    private static final List<String> USERS = List.of(ENGINE, "org.opdbus.verticles.cluster.nats.client.");

    private static final String PROBE = "org.jgroups.JChannel";

    private final ClassLoader loader;

    private Libraries(ClassLoader loader) {
        this.loader = loader;
    }

    /** Made once, on first use; the loader lives as long as the process, like its classes. */
    private static final class Holder {
        static final Libraries LOADED = new Libraries(find());
    }

    /**
     * Returns the loaded libraries.
     *
     * @throws MembershipException NO_LIBRARIES if they are not installed
     */
    public static Libraries load() {
        return Holder.LOADED;
    }

    /** Returns the code that makes certificates. */
    public Certificates certificates() {
        return make(ENGINE + "BouncyCertificates", Certificates.class);
    }

    /** Returns the code that checks the signatures of messages. */
    public SignatureChecks signatureChecks() {
        return make(ENGINE + "BouncySignatureChecks", SignatureChecks.class);
    }

    /** Returns the code that keeps the group together. */
    public Engine engine() {
        return make(ENGINE + "InfinispanEngine", Engine.class);
    }

    /** Returns the class loader with which the libraries find further classes. */
    ClassLoader loader() {
        return loader;
    }

    /**
     * Makes an instance of a class that uses the libraries.
     *
     * @throws MembershipException NO_LIBRARIES if they are not installed
     */
    public <T> T make(String name, Class<T> type) {
        try {
            return type.cast(Class.forName(name, true, loader).getConstructor().newInstance());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new MembershipException(
                    Reason.NO_LIBRARIES,
                    "the libraries of the cluster cannot be used: " + e + "; install op-dbus again",
                    e);
        }
    }

    private static ClassLoader find() {
        ClassLoader application = Libraries.class.getClassLoader();
        if (application.getResource(PROBE.replace('.', '/') + ".class") != null) {
            return application;
        }
        Path own = ownArchive();
        Path folder = own.resolveSibling("cluster");
        List<Path> archives = new ArrayList<>(List.of(own));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(archives::add);
        } catch (IOException e) {
            throw new MembershipException(
                    Reason.NO_LIBRARIES,
                    "the libraries of the cluster are not in " + folder + "; install op-dbus again",
                    e);
        }
        return new ClusterLoader(archives.stream().map(Libraries::url).toArray(URL[]::new), application);
    }

    private static Path ownArchive() {
        try {
            return Path.of(Libraries.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the location of a loaded class cannot be used", e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (IOException e) {
            throw new IllegalStateException("every file has a URL", e);
        }
    }

    /**
     * Every class comes from the application first, except the packages that use the libraries: the application has
     * them too, but classes of the application's loader cannot see the libraries.
     */
    private static final class ClusterLoader extends URLClassLoader {
        ClusterLoader(URL[] archives, ClassLoader application) {
            super("op-dbus-cluster", archives, application);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (USERS.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }
    }
}

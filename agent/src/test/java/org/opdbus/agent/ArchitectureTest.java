// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.AccessTarget.Predicates.declaredIn;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.view.HostView;

/** Which package may depend on which, in all modules; a rule that finds nothing to check fails too. */
@AnalyzeClasses(
        packages = "org.opdbus",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestArchives.class})
class ArchitectureTest {
    private static final String EVENT_BUS = "io.vertx..eventbus..";
    /** A class loader of its own loads them by name; code that names one of their classes would get the wrong one. */
    private static final String[] ENGINES = {
        "org.opdbus.verticles.membership.engine..", "org.opdbus.verticles.cluster.nats.client.."
    };

    /** Puts the router and its handlers together. */
    private static final String HOT_PATH = "org.opdbus.verticles.hotpath..";

    /** Makes the verticles and joins them. */
    private static final String WIRING = "org.opdbus.agent.wiring..";

    private static final String[] ROUTER_AND_HANDLERS = {
        "org.opdbus.verticles.reconcile..",
        "org.opdbus.verticles.rename..",
        "org.opdbus.verticles.enroll.bridge..",
        "org.opdbus.verticles.commit.."
    };

    /**
     * The packages of the verticles that all of them may use: the bus, the picture of the host, the words for what is to be
     * done, what faces read, and edges that decide nothing.
     */
    private static final String[] LOW_EDGES = {
        "org.opdbus.verticles.limits..",
        "org.opdbus.verticles.bus..",
        "org.opdbus.verticles.view..",
        "org.opdbus.verticles.plan..",
        "org.opdbus.verticles.edges..",
        "org.opdbus.verticles.inventory..",
        "org.opdbus.verticles.driver..",
        "org.opdbus.verticles.files..",
        "org.opdbus.verticles.kernel..",
        "org.opdbus.verticles.jsonrpc..",
        "org.opdbus.verticles.capture..",
        "org.opdbus.verticles.dbus.wire.."
    };

    @ArchTest
    static void every_module_is_looked_at(JavaClasses classes) {
        Set<String> modules = classes.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.split("\\.", -1)[2])
                .collect(Collectors.toSet());
        assertThat(modules).containsExactlyInAnyOrder("events", "ledger", "config", "verticles", "agent");
    }

    @ArchTest
    static void the_bus_is_what_touches_the_event_bus(JavaClasses classes) {
        assertThat(classes.stream().anyMatch(resideInAPackage("..bus..").and(usesTheEventBus())))
                .isTrue();
    }

    @ArchTest
    static final ArchRule MODULES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("org.opdbus..")
            .layer("events")
            .definedBy("org.opdbus.events..")
            .layer("ledger")
            .definedBy("org.opdbus.ledger..")
            .layer("config")
            .definedBy("org.opdbus.config..")
            .layer("verticles")
            .definedBy("org.opdbus.verticles..")
            .layer("agent")
            .definedBy("org.opdbus.agent..")
            .whereLayer("agent")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("verticles")
            .mayOnlyBeAccessedByLayers("agent")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("verticles", "agent")
            .whereLayer("ledger")
            .mayOnlyBeAccessedByLayers("verticles", "agent")
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule EVENTS_KNOW_NOTHING = classes()
            .that()
            .resideInAPackage("org.opdbus.events..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "org.opdbus.events..");

    @ArchTest
    static final ArchRule THE_LEDGER_IS_A_SMALL_PROGRAM_OF_ITS_OWN = noClasses()
            .that()
            .resideInAPackage("org.opdbus.ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.reactivex..", "org.opdbus.events..", "picocli..", "jnr..");

    @ArchTest
    static final ArchRule CONFIGURATION_IS_FILES_AND_RECORDS = noClasses()
            .that()
            .resideInAPackage("org.opdbus.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.reactivex..", "picocli..", "jnr..");

    @ArchTest
    static final ArchRule VERTICLES_KNOW_NO_COMMAND_LINE = noClasses()
            .that()
            .resideInAPackage("org.opdbus.verticles..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    /** {@code println} escapes what it prints; these draw on a terminal, ask there, or do the escaping. */
    @ArchTest
    static final ArchRule TEXT_FOR_PEOPLE_IS_PRINTED_AS_LINES = noClasses()
            .that()
            .resideInAPackage("org.opdbus..")
            .and(not(nameMatching(
                    "org\\.opdbus\\.agent\\.cli\\.output\\.(ApplyProgressText|ProgressBar|Question|VisibleWriter)")))
            .should()
            .callMethodWhere(
                    target(declaredIn(PrintWriter.class)).and(target(nameMatching("print|printf|format|write|append"))))
            .orShould()
            .callMethodWhere(target(declaredIn(PrintStream.class)));

    @ArchTest
    static final ArchRule CONCEPTS_MEET_ONLY_ON_THE_BUS = slices().matching("org.opdbus.verticles.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideInAnyPackage(LOW_EDGES))
            .ignoreDependency(resideInAPackage(HOT_PATH), resideInAnyPackage(ROUTER_AND_HANDLERS));

    @ArchTest
    static final ArchRule ONLY_THE_WIRING_KNOWS_HANDLERS = noClasses()
            .that()
            .resideOutsideOfPackages(HOT_PATH, WIRING)
            .and()
            .resideOutsideOfPackages(ROUTER_AND_HANDLERS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROUTER_AND_HANDLERS);

    /** The room of meshes lends {@code doctor} its checks of tokens and of netclient, which act on no container. */
    @ArchTest
    static final ArchRule ONLY_THE_WIRING_KNOWS_HANDLERS_OF_MESHES = noClasses()
            .that()
            .resideOutsideOfPackages(WIRING, "org.opdbus.verticles.enroll.netmaker..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.opdbus.verticles.enroll.netmaker..")
                    .and(nameMatching(".*\\.(NetmakerVerticle|Mesh[A-Z]\\w*)")));

    /** What rules go by is in the view and in the intent; quiet times are the exception, they end by the clock. */
    @ArchTest
    static final ArchRule PLANNING_OF_LINKS_IS_PURE = noClasses()
            .that(resideInAnyPackage(
                            "org.opdbus.verticles.plan..",
                            "org.opdbus.verticles.view..",
                            "org.opdbus.verticles.enroll.bridge.plan..")
                    .or(nameMatching("org\\.opdbus\\.verticles\\..*(Rule|Planner)"))
                    .and(not(nameMatching(".*\\.QuietTimes(\\$.*)?"))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx..", "io.reactivex..", "java.nio.file..", "java.net..", "java.util.concurrent..");

    @ArchTest
    static final ArchRule THE_ROUTER_KNOWS_NO_HANDLER = noClasses()
            .that()
            .resideInAPackage("org.opdbus.verticles.reconcile..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.opdbus.verticles.rename..",
                    "org.opdbus.verticles.enroll..",
                    "org.opdbus.verticles.commit..",
                    "org.opdbus.verticles.edges..");

    @ArchTest
    static final ArchRule BRIDGE_AND_MESH_DO_NOT_KNOW_EACH_OTHER =
            slices().matching("org.opdbus.verticles.enroll.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule ONLY_THE_ROUTER_WRITES_THE_PICTURE = noClasses()
            .that()
            .resideOutsideOfPackages("org.opdbus.verticles.reconcile..", "org.opdbus.verticles.view..")
            .should()
            .callMethodWhere(target(name("apply")).and(target(declaredIn(HostView.class))));

    @ArchTest
    static final ArchRule NO_CYCLES_BETWEEN_CONCEPTS =
            slices().matching("org.opdbus.verticles.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule PLANNING_OF_MESHES_IS_PURE = noClasses()
            .that()
            .resideInAPackage("org.opdbus.verticles.enroll.netmaker.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.reactivex..", "java.nio.file..", "java.net..");

    @ArchTest
    static final ArchRule PACKAGES_OF_MESHES_HAVE_NO_CYCLES = slices().matching(
                    "org.opdbus.verticles.enroll.netmaker.(*)")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule PARTS_OF_MESHES_DO_NOT_KNOW_THE_HANDLERS = noClasses()
            .that()
            .resideInAPackage("org.opdbus.verticles.enroll.netmaker.(*)")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.opdbus.verticles.enroll.netmaker");

    @ArchTest
    static final ArchRule ONLY_THE_BUS_TOUCHES_THE_EVENT_BUS = noClasses()
            .that()
            // The cluster has a bus of its own, which membership makes.
            .resideOutsideOfPackages("org.opdbus.verticles.bus..", "org.opdbus.verticles.membership..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EVENT_BUS);

    /** Vert.x with other options makes a folder in the temporary folder, which remains when the process is killed. */
    @ArchTest
    static final ArchRule EVERY_VERTX_HAS_THE_COMMON_SETTINGS = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(VertxSettings.class.getName())
            .should()
            .callConstructor(VertxOptions.class)
            .orShould()
            .callMethod(Vertx.class, "vertx");

    @ArchTest
    static final ArchRule LIBRARIES_OF_THE_CLUSTER_ARE_USED_BY_ITS_ENGINES_ONLY = noClasses()
            .that()
            .resideOutsideOfPackages(ENGINES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.infinispan..",
                    "org.jgroups..",
                    "org.bouncycastle..",
                    "io.vertx.ext.cluster..",
                    "io.nats..",
                    ENGINES[0],
                    ENGINES[1]);

    @ArchTest
    static final ArchRule NOTHING_SLEEPS = noClasses()
            .should()
            .callMethodWhere(
                    target(name("sleep")).and(target(declaredIn(Thread.class).or(declaredIn(TimeUnit.class)))));

    /** A jump of this clock must not make any code wait for hours; times for display may use it. */
    @ArchTest
    static final ArchRule NOTHING_WAITS_BY_THE_HOSTS_CLOCK = noClasses()
            .that()
            .resideOutsideOfPackage("org.opdbus.agent.cli..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Timer");

    @ArchTest
    static final ArchRule COMMANDS_ON_A_LEDGER_CANNOT_WRITE_TO_IT = noClasses()
            .that()
            .resideInAPackage("org.opdbus.agent.cli..")
            .and()
            .haveSimpleNameStartingWith("Ledger")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.opdbus.ledger.write..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.opdbus.ledger.Ledger");

    /** Their classes are public for the other packages of the ledger, and promise nothing to anyone else. */
    @ArchTest
    static final ArchRule THE_BYTES_OF_A_LEDGER_ARE_ITS_OWN = noClasses()
            .that()
            .resideOutsideOfPackage("org.opdbus.ledger..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.opdbus.ledger.text..")
                    .or(nameMatching(
                            "org\\.opdbus\\.ledger\\..*(Chunk|Leaves|Merkle|LedgerFile|LedgerScan|LineWriter).*")));

    /** The packages that hold one concept in several parts; the part that others stand on knows none of them. */
    @ArchTest
    static final ArchRule NO_CYCLES_BETWEEN_PARTS =
            slices().assignedFrom(new Parts()).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED = classes().should(beInANullMarkedPackage());

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL_OR_MEANT_TO_BE_EXTENDED = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC)
            .should()
            .haveModifier(JavaModifier.FINAL);

    private static DescribedPredicate<JavaClass> usesTheEventBus() {
        return DescribedPredicate.describe(
                "uses the event bus",
                each -> each.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .anyMatch(resideInAPackage(EVENT_BUS)));
    }

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass each, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        each,
                        each.getPackage().isAnnotatedWith(NullMarked.class),
                        each.getFullName() + " is in " + each.getPackageName()));
            }
        };
    }

    private static final class Parts implements SliceAssignment {
        private static final Pattern CONCEPT = Pattern.compile(
                "org\\.opdbus\\.(ledger|config|agent\\.cli|verticles\\.(driver|kernel|membership))(\\..*)?");

        @Override
        public String getDescription() {
            return "packages of a concept in several parts";
        }

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass each) {
            String name = each.getPackageName();
            return CONCEPT.matcher(name).matches() ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
        }
    }

    /** The tests of other modules come in archives of their own, which the predefined option does not know. */
    static final class NoTestArchives implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }
}

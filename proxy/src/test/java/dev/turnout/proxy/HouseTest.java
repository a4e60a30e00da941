package dev.turnout.proxy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.turnout.proxy.net.Listener;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds in all of this module: who may know whom, and what nobody does. */
class HouseTest {
    private static final String ROOT = "dev.turnout.proxy";
    private static final Path SOURCES = Path.of("src/main/java/dev/turnout/proxy");
    private static final Set<String> WAITING = Set.of("sync", "syncUninterruptibly", "await",
            "awaitUninterruptibly",
            "get", "join");
    private static JavaClasses production = new ClassFileImporter().importClasses(List.of());

    @BeforeAll
    static void readClasses() {
        production = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    static List<String> packages() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.endsWith("package-info.java"))
                    .map(file -> SOURCES.relativize(file).getParent().toString().replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }

    private static String packageComment(String name) throws IOException {
        String source = Files
                .readString(SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java"));
        return source.substring(0, source.indexOf("*/")).replaceAll("\\s*\\n \\*\\s*", " ");
    }

    private static DescribedPredicate<JavaClass> inPackages(List<String> names) {
        return resideInAnyPackage(names.stream().map(name -> ROOT + "." + name).toArray(String[]::new));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(production);
    }

    @Test
    void packagesInsideHttpHaveNoCycles() {
        slices().matching(ROOT + ".http.(*)..").should().beFreeOfCycles().check(production);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packagesUseOnlyWhatTheirCommentSays(String name) throws IOException {
        Matcher sentence = Pattern.compile("May use ([^.]*(?:\\.[a-z][^.]*)*)\\.")
                .matcher(packageComment(name));
        if (name.equals("app")) {
            assertThat(sentence.find()).as("app sees everything, and says so").isFalse();
            return;
        }
        assertThat(sentence.find()).as("the comment of %s says what it may use", name).isTrue();
        List<String> allowed = new ArrayList<>(List.of(name));
        List<String> outside = new ArrayList<>();
        for (String used : sentence.group(1).split(",? and |, ", -1)) {
            switch (used) {
                case "nothing of ours" -> {
                }
                case "config", "admin" -> outside.add("dev.turnout." + used);
                default -> allowed.add(used);
            }
        }
        noClasses().that(resideInAPackage(ROOT + "." + name))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.turnout..")
                        .and(DescribedPredicate.not(inPackages(allowed)))
                        .and(DescribedPredicate.not(resideInAnyPackage(outside.toArray(String[]::new))))
                        // An exemption from a banned call may be needed anywhere.
                        .and(describe("are not AllowedHere",
                                used -> !used.getSimpleName().equals("AllowedHere"))))
                .because("of its package-info: May use " + sentence.group(1))
                .allowEmptyShould(true)
                .check(production);
    }

    @Test
    void onlyTheRootSeesHttp() {
        noClasses().that(DescribedPredicate.not(resideInAnyPackage(ROOT + ".http..", ROOT + ".app")))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".http.."))
                .check(production);
    }

    @Test
    void onlyTheCommandLineStartsTheRoot() {
        noClasses().that(DescribedPredicate.not(resideInAPackage(ROOT + ".app")))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".app"))
                .check(production);
    }

    @ParameterizedTest
    @ValueSource(strings = {"routing", "control", "journal", "metrics", "failure"})
    void policyKnowsNoNetty(String name) {
        noClasses().that(resideInAPackage(ROOT + "." + name + ".."))
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty.."))
                .check(production);
    }

    @Test
    void headsAndFramingKnowBuffersButNoChannels() {
        noClasses().that(resideInAPackage(ROOT + ".http.head"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty.channel..", "io.netty.handler.."))
                .check(production);
    }

    @Test
    void nobodyWaitsForAFuture() {
        DescribedPredicate<JavaMethodCall> waits = describe("wait for a future",
                call -> WAITING.contains(call.getName())
                        && call.getTargetOwner().isAssignableTo(Future.class)
                        && !bindsAtTheStart(call));
        noClasses().that(DescribedPredicate.not(resideInAPackage(ROOT + ".app")))
                .should(callMethodWhere(waits))
                .because("an event loop that waits serves nobody")
                .check(production);
    }

    /** Listener.bind runs before anything is served, and its caller wants to know whether the address is free. */
    private static boolean bindsAtTheStart(JavaCall<?> call) {
        return call.getOriginOwner().isEquivalentTo(Listener.class)
                && call.getOrigin().getName().equals("bind")
                && call.getName().equals("awaitUninterruptibly");
    }

    @Test
    void nobodySleeps() {
        noClasses().should(callMethodWhere(describe("sleep", call -> call.getName().equals("sleep")
                && call.getTargetOwner().isEquivalentTo(Thread.class))))
                .because("tests move time, code waits for events")
                .check(new ClassFileImporter().importPackages(ROOT));
    }

    @Test
    void recordsHoldNoBuffers() {
        noFields().that()
                .areDeclaredInClassesThat(describe("are records", JavaClass::isRecord))
                .should()
                .haveRawType(describe("buffers", type -> type.isAssignableTo(ByteBuf.class)))
                .because("nobody could say who releases it")
                .check(production);
    }

    @Test
    void nobodyLogsToTheJdk() {
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(production);
    }

    @Test
    void nobodyPrints() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(production);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packagesAreNullMarked(String name) throws ClassNotFoundException {
        Class<?> info = Class.forName(ROOT + "." + name + ".package-info");
        assertThat(info.isAnnotationPresent(NullMarked.class)).isTrue();
    }

    @Test
    void everyPackageHasItsComment() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(
                    files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent).distinct())
                    .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
        }
    }

    @Test
    void testsLiveBesideWhatTheyTest() throws IOException {
        List<String> homes = new ArrayList<>(packages());
        homes.addAll(Arrays.asList("", "testkit", "app.soak", "app.pgsoak"));
        ArchRule rule = classes().should()
                .resideInAnyPackage(homes.stream().map(home -> (ROOT + "." + home).replaceAll("\\.$", ""))
                        .toArray(String[]::new));
        rule.check(new ClassFileImporter().withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages(ROOT));
    }
}

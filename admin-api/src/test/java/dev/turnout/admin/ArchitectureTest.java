package dev.turnout.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

/** The directions between packages; the names of the rules are their documentation. */
@AnalyzeClasses(packages = "dev.turnout.admin", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule THE_CLI_TALKS_ONLY_THROUGH_THE_REST_API = noClasses().that()
            .resideInAPackage("..admin.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.turnout.admin", "..admin.http..", "..admin.security..", "io.vertx..",
                    "io.netty..");

    @ArchTest
    static final ArchRule THE_SERVER_KNOWS_NO_COMMAND = noClasses().that()
            .resideOutsideOfPackage("..admin.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..admin.cli..", "picocli..");

    @ArchTest
    static final ArchRule SECURITY_KNOWS_NO_PROTOCOL = classes().that()
            .resideInAPackage("..admin.security..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("..admin.security..", "dev.turnout.config..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule PORTS_ARE_PLAIN_VALUES = classes().that()
            .resideInAPackage("dev.turnout.admin")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.turnout.admin", "dev.turnout.config..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("dev.turnout.admin.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule OUTPUT_GOES_WHERE_THE_CALLER_SAYS = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule ONE_LOGGING_API = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(classes.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allMatch(inside -> inside.isAnnotatedWith(NullMarked.class));
    }
}

package dev.turnout.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

/** The directions between packages; the names of the rules are their documentation. */
@AnalyzeClasses(packages = "dev.turnout.bench", importOptions = {DoNotIncludeTests.class,
    BenchHouseTest.WithoutGenerated.class})
class BenchHouseTest {
    /** Leaves out what JMH writes itself. */
    static final class WithoutGenerated implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/jmh_generated/");
        }
    }

    @ArchTest
    static final ArchRule THE_DEMO_USES_THE_PROXY_AS_A_WHOLE_AND_ITS_HASH = noClasses().that()
            .resideInAPackage("..bench.demo..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.turnout.proxy.control..", "dev.turnout.proxy.failure..",
                    "dev.turnout.proxy.http..", "dev.turnout.proxy.journal..", "dev.turnout.proxy.metrics..",
                    "dev.turnout.proxy.net..", "dev.turnout.proxy.upstream..", "io.netty..", "io.vertx..");

    @ArchTest
    static final ArchRule THE_DEMO_ASKS_THE_ADMIN_API_OVER_HTTP = noClasses().that()
            .resideInAPackage("..bench.demo..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.turnout.admin", "dev.turnout.admin.http..",
                    "dev.turnout.admin.security..");

    @ArchTest
    static final ArchRule BENCHMARKS_STAND_ALONE = noClasses().that()
            .resideInAPackage("..bench.jmh..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..bench.demo..");

    @ArchTest
    static final ArchRule REPORTS_KNOW_ONLY_FIGURES = noClasses().that()
            .resideInAPackage("..bench.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.turnout.admin..", "dev.turnout.proxy..", "io.netty..");

    @ArchTest
    static final ArchRule THE_HTTP_LOAD_SHARES_ONLY_EVENT_LOOPS_WITH_THE_PROXY = noClasses().that()
            .resideInAPackage("..bench.http..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.turnout.proxy..")
                    .and(not(resideInAPackage("dev.turnout.proxy.net.."))));

    @ArchTest
    static final ArchRule THE_POSTGRES_LOAD_IS_A_CLIENT_LIKE_ANY_OTHER = noClasses().that()
            .resideInAnyPackage("..bench.pg..", "..bench.load..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.turnout.proxy..", "dev.turnout.config..", "io.netty..");

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("dev.turnout.bench.(*)..").should().beFreeOfCycles();

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
